/// What happens to a change of one class of what a person approved: of what the model reads, of
/// schemas, or of appearance.
public enum ChangeRule: String, CaseIterable, Sendable {
  /// It waits for a person.
  case withhold
  /// It passes and is recorded.
  case report
}

/// What happens to a change of the hints about what a tool does.
public enum AnnotationRule: String, CaseIterable, Sendable {
  /// A hint that is merely left out passes and is recorded; any other change waits.
  case weakening
  case withhold, report
}

/// What happens to resources: many servers list them dynamically.
public enum ResourceRule: String, CaseIterable, Sendable {
  case report, withhold
}

/// What findings do.
public enum FindingRule: String, CaseIterable, Sendable {
  /// They inform whoever reads.
  case show
  /// What has one is never approved by a rule.
  case withhold
}

/// What happens to the first launch of a name.
public enum LaunchRule: String, CaseIterable, Sendable {
  /// It is taken as the host's configuration or the definition gives it.
  case trust
  /// It waits for a person, and so does every later one until a person has decided.
  case ask
}

/// Whether a question may be put to the user through the host.
public enum AskingRule: String, CaseIterable, Sendable {
  case deny, allow
}

/// A program that puts a question to the user, as `ssh-askpass` does.
public struct ApprovalProgram: Hashable, Sendable, CustomStringConvertible {
  /// Absolute, without `..`; symbolic links are not looked at.
  public let path: String
  public let arguments: [String]

  /// On one line, whole, and safe for a terminal.
  public var description: String {
    ([path] + arguments).map { "\"\(Printable.text($0.unicodeScalars))\"" }
      .joined(separator: " ")
  }
}
