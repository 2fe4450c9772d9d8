/// A secret in the server's environment: a name and where its value comes from, never the value.
public struct SecretGrant: Hashable, Sendable {
  public enum Source: Hashable, Sendable, CustomStringConvertible {
    /// A variable of the supervisor's own environment.
    case environment(String)
    /// A file outside, by its absolute path.
    case file(String)

    public var description: String {
      switch self {
      case .environment(let name): "env:\(name)"
      case .file(let path): "file:\(path)"
      }
    }
  }

  public let name: String
  public let source: Source

  /// The same rule as for variables passed by name: a secret is no way around it.
  static func name(_ text: String) throws(ValueFault) -> String {
    try VariableRule.passed(VariableRule.name(text)).name
  }

  /// No message repeats the text, which may be the secret itself by mistake.
  static func source(
    _ text: String, expansion: PathExpansion, trust: ProfileTrust
  ) throws(ValueFault) -> Source {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      throw ValueFault(
        .badSource, "this is not the source of a secret", hint: forms)
    }
    let kind = String(text[..<colon])
    let rest = String(text[text.utf8.index(after: colon)...])
    switch kind {
    case "env":
      guard VariableRule.isName(rest) else {
        throw ValueFault(.badSource, "what follows env: is not a variable's name", hint: forms)
      }
      return .environment(rest)
    case "file":
      return .file(try expansion.expand(rest))
    case "command" where trust == .path:
      throw ValueFault(
        .programNotAllowed, "a profile named by its path can't name a program to run", hint: forms)
    default:
      throw ValueFault(
        .badSource, "this build has no such source of secrets", hint: forms)
    }
  }

  private static let forms = "a secret comes from env:VARIABLE or file:PATH"
}

/// How a profile was chosen, which decides what it may say.
public enum ProfileTrust: Hashable, Sendable {
  /// By name, from the configuration directories or shipped; also the command line itself.
  case named
  /// By path: it may lie in a checkout, and can't name programs to run.
  case path
  /// The administrator's bounds for all users: root's, in a directory of root's.
  case administrator
}
