import Control
import MCP

/// How fast messages come, by side.
struct Flow {
  private var hostMessages: Pace
  private var serverMessages: Pace
  private var hostProgress: Pace
  private var serverProgress: Pace
  private var serverLogs: Pace
  /// Until when a side is not read any further.
  private(set) var hostPause: UInt64?
  private(set) var serverPause: UInt64?

  init(_ limits: RelayLimits) {
    hostMessages = Pace(perSecond: limits.messages)
    serverMessages = hostMessages
    hostProgress = Pace(perSecond: limits.notifications)
    serverProgress = hostProgress
    serverLogs = hostProgress
  }

  /// - Returns: whether these were too many: the side is not read further for a while.
  mutating func count(_ number: Int, from side: Side, at now: UInt64) -> Bool {
    switch side {
    case .host:
      guard let due = hostMessages.count(number, at: now) else { return false }
      hostPause = due
    case .server:
      guard let due = serverMessages.count(number, at: now) else { return false }
      serverPause = due
    }
    return true
  }

  /// - Returns: the bound that a notification goes over; nil where it may pass.
  mutating func excess(of method: Method, from side: Side, at now: UInt64) -> Bound? {
    switch (method, side) {
    case (.progress, .host): hostProgress.admits(at: now) ? nil : .progress
    case (.progress, .server): serverProgress.admits(at: now) ? nil : .progress
    case (.message, .server): serverLogs.admits(at: now) ? nil : .logMessages
    default: nil
    }
  }

  var deadline: UInt64? {
    guard hostPause != nil || serverPause != nil else { return nil }
    return min(hostPause ?? .max, serverPause ?? .max)
  }

  mutating func tick(at now: UInt64) {
    if let due = hostPause, now >= due { hostPause = nil }
    if let due = serverPause, now >= due { serverPause = nil }
  }
}

extension Session {
  /// Counts messages. What is too much is not refused: its sender is read more slowly.
  mutating func count(_ number: Int = 1, from side: Side, at now: UInt64) {
    if flow.count(number, from: side, at: now) { note(.messages, side) }
  }

  /// Whether a notification may pass. Nobody can be answered for one that may not: there is no id.
  mutating func admits(_ method: Method?, from side: Side, at now: UInt64) -> Bool {
    guard let method, let bound = flow.excess(of: method, from: side, at: now) else { return true }
    note(bound, side)
    return false
  }
}
