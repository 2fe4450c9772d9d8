public import Control

/// What was refused, each thing once a minute however often it happens.
public struct RefusalLog {
  /// Different things that are told apart at the same time. Beyond that they are counted together, by
  /// reason and without a name: who invents names must not fill the log with them.
  public static let mostSubjects = 256
  private static let minute: UInt64 = 60_000_000_000

  private struct Subject: Hashable {
    var reason: EgressRefusal.Reason
    var name: [UInt8]
    var port: UInt16
  }

  private struct State {
    var toldAt: UInt64
    var last: EgressRefusal
    /// Since it was last told.
    var untold: UInt64
  }

  private var states: [Subject: State] = [:]
  private var due: [EgressRefusal] = []

  public init() {}

  /// What was written by the server may be of any length: the log has the beginning of it, as much as
  /// a report may hold.
  ///
  /// - Parameter now: of the monotonic clock, in nanoseconds.
  public mutating func note(_ refusal: EgressRefusal, at now: UInt64) {
    var refusal = refusal
    refusal.name = Self.beginning(of: refusal.name)
    refusal.detail = Self.beginning(of: refusal.detail)
    var subject = Subject(reason: refusal.reason, name: refusal.name, port: refusal.port)
    if states[subject] == nil, states.count >= Self.mostSubjects {
      settle(at: now)
      if states.count >= Self.mostSubjects {
        subject = Subject(reason: refusal.reason, name: [], port: 0)
        refusal = EgressRefusal(refusal.reason, name: [], count: refusal.count)
      }
    }
    guard var state = states[subject] else {
      due.append(refusal)
      states[subject] = State(toldAt: now, last: refusal, untold: 0)
      return
    }
    state.last = refusal
    state.untold += refusal.count
    states[subject] = state
  }

  /// What is to be told now.
  public mutating func take(at now: UInt64) -> [EgressRefusal] {
    settle(at: now)
    defer { due.removeAll() }
    return due
  }

  /// When `take` has something that it does not have now; nil where that depends on what happens.
  public var deadline: UInt64? {
    if !due.isEmpty { return 0 }
    return states.values.lazy.filter { $0.untold > 0 }.map { $0.toldAt + Self.minute }.min()
  }

  /// What is left untold, at the end of a session.
  public mutating func takeAll() -> [EgressRefusal] { take(at: .max) }

  /// No half of an escape (`\DDD`) is left at the end.
  private static func beginning(of text: [UInt8]) -> [UInt8] {
    guard text.count > EgressReport.longestText else { return text }
    let kept = text.prefix(EgressReport.longestText)
    let escape = kept.suffix(3).firstIndex(of: UInt8(ascii: "\\"))
    return Array(kept[..<(escape ?? kept.endIndex)])
  }

  private mutating func settle(at now: UInt64) {
    for (subject, state) in states where now - state.toldAt >= Self.minute {
      if state.untold == 0 {
        states[subject] = nil
        continue
      }
      var refusal = state.last
      refusal.count = state.untold
      due.append(refusal)
      states[subject] = State(toldAt: now, last: refusal, untold: 0)
    }
  }
}
