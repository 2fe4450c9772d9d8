import Glibc

/// A system call filter as data: what each group of calls is for, and how it is decided.
public struct Filter: Sendable, CustomStringConvertible {
  /// Calls that share an intent and a decision.
  public struct Group: Sendable {
    public let intent: String
    public let calls: [String]
    public let decision: Decision

    init(_ intent: String, _ decision: Decision, _ calls: [String]) {
      self.intent = intent
      self.calls = calls
      self.decision = decision
    }

    init(_ intent: String, _ decision: Decision, _ calls: String) {
      self.init(intent, decision, calls.split(whereSeparator: \.isWhitespace).map(String.init))
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
  public static let all: [Filter] = [.server, .relay, .initProcess]

  /// The same filter with calls added and taken away. A call in `allow` is allowed whatever its
  /// arguments; a call in `deny` fails with EPERM, also when `allow` names it.
  public func changed(allow: [String], deny: [String]) -> Filter {
    let changed = Set(allow).union(deny)
    var groups = self.groups.map { group in
      Group(group.intent, group.decision, group.calls.filter { !changed.contains($0) })
    }
    let denied = Set(deny)
    groups.append(
      Group("allowed by the profile", .allow, Set(allow).subtracting(denied).sorted()))
    groups.append(Group("denied by the profile", .fail(EPERM), denied.sorted()))
    return Filter(name, fallback: fallback, groups: groups)
  }

  /// The decision for a call, by name.
  public func decision(for call: String) -> Decision {
    groups.first { $0.calls.contains(call) }?.decision ?? .action(fallback)
  }
}
