import Glibc

/// A system call filter as data: what each group of calls is for, and how it is decided.
public struct Filter: Sendable, CustomStringConvertible {
  /// Calls that share an intent and a decision.
  public struct Group: Sendable {
    public let intent: String
    public let calls: [String]
    public let decision: Decision
    /// Nil for calls that are allowed already.
    public let opening: Opening?

    init(_ intent: String, _ decision: Decision, _ calls: [String], opens: Opening? = nil) {
      self.intent = intent
      self.calls = calls
      self.decision = decision
      opening = opens
    }

    init(_ intent: String, _ decision: Decision, _ calls: String, opens: Opening? = nil) {
      self.init(
        intent, decision, calls.split(whereSeparator: \.isWhitespace).map(String.init),
        opens: opens)
    }

    func keeping(_ isKept: (String) -> Bool) -> Group {
      Group(intent, decision, calls.filter(isKept), opens: opening)
    }
  }

  public let name: String
  /// The answer for every call that no group names.
  public let fallback: Action
  public let groups: [Group]

  public var description: String { name }

  init(_ name: String, fallback: Action, groups: [Group]) {
    self.name = name
    self.fallback = fallback
    self.groups = groups
  }

  /// The filters that the build compiles.
  public static let all: [Filter] = [
    .server, .strict, .relay, .egress, .initProcess, .supervisor, .removal, .witness,
  ]

  /// The decision for a call, by name.
  public func decision(for call: String) -> Decision {
    group(of: call)?.decision ?? .action(fallback)
  }

  func group(of call: String) -> Group? {
    groups.first { group in group.calls.contains { $0.utf8.elementsEqual(call.utf8) } }
  }
}
