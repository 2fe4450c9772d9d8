import Control
import MCP

/// A bound on what host and server may send, by the profile's name for it.
enum Bound: String {
  case messageSize = "limits.messageSize"
  case nesting = "limits.nesting"
  case pendingRequests = "limits.pendingRequests"
  case lineSize = "limits.lineSize"
  case messages = "rates.messages"
  case progress = "rates.notifications (progress)"
  case logMessages = "rates.notifications (log messages)"
  case standardError = "rates.stderr"
  case handshake = "timeouts.handshake"
  case request = "timeouts.request"

  func value(_ settings: SessionSettings) -> Int {
    switch self {
    case .messageSize: settings.messageSize
    case .nesting: settings.limits.nesting
    case .pendingRequests: settings.limits.pendingRequests
    case .lineSize: settings.limits.lineSize
    case .messages: settings.limits.messages
    case .progress, .logMessages: settings.limits.notifications
    case .standardError: settings.limits.standardError
    case .handshake: settings.limits.handshake
    case .request: settings.limits.request
    }
  }

  private var unit: String {
    switch self {
    case .messageSize, .lineSize: " bytes"
    case .standardError: " bytes a second"
    case .messages, .progress, .logMessages: " a second"
    case .handshake, .request: " s"
    case .nesting, .pendingRequests: ""
    }
  }

  /// As an answer names it: `limits.messageSize (16777216 bytes)`.
  func name(_ settings: SessionSettings) -> String {
    "\(rawValue) (\(value(settings))\(unit))"
  }

  /// What is said at standard error, once for each side.
  func sentence(about who: String, _ settings: SessionSettings) -> String {
    let name = name(settings)
    return switch self {
    case .messageSize: "a message of \(who) was refused: it is over \(name)"
    case .nesting: "a message of \(who) was refused: it is nested deeper than \(name)"
    case .pendingRequests:
      "a request of \(who) was refused: as many as \(name) are not answered yet"
    case .lineSize:
      "nothing more of \(who) is read: what it sent without a newline is over \(name)"
    case .messages: "\(who) sends more than \(name): it is read no faster than that"
    case .progress, .logMessages: "\(who) sends more than \(name): what is over it is dropped"
    case .standardError: "\(who) writes more than \(name): what is over it is dropped"
    case .handshake: "\(who) did not answer the handshake within \(name)"
    case .request: "\(who) did not answer a request within \(name)"
    }
  }
}

/// How often one side went over one bound. The audit log is told the first time, then whenever the
/// number has doubled, and at the end.
struct Tally {
  private(set) var count: Int64 = 0
  private var told: Int64 = 0

  /// - Returns: whether the number is to be told now.
  mutating func add(_ number: Int) -> Bool {
    count += Int64(number)
    guard count >= 2 * told else { return false }
    told = count
    return true
  }

  /// Whether the last number is not told yet.
  var owes: Bool { count > told }
}

struct Excess: Hashable {
  let bound: Bound
  let side: Side
}

extension Session {
  /// Notes that a side went over a bound: for the audit log with its number, for the person once.
  ///
  /// - Parameter side: who went over it; of a request that took too long, who did not answer.
  mutating func note(_ bound: Bound, _ side: Side, count: Int = 1) {
    let excess = Excess(bound: bound, side: side)
    let isFirst = tallies[excess] == nil
    let isTold = tallies[excess, default: Tally()].add(count)
    if isFirst {
      let who = side == .host ? "the host" : settings.serverName
      outputs.append(.log(Array("cordon: \(bound.sentence(about: who, settings))\n".utf8)))
    }
    if isTold { tell(excess) }
  }

  /// The numbers that were not told yet.
  mutating func tellTallies() {
    for (excess, tally) in tallies where tally.owes { tell(excess) }
    tallies = [:]
  }

  private mutating func tell(_ excess: Excess) {
    guard let count = tallies[excess]?.count else { return }
    report(
      "messageLimit",
      [
        ControlField("from", .text(Array(excess.side.rawValue.utf8))),
        ControlField("limit", .text(Array(excess.bound.rawValue.utf8))),
        ControlField("value", .integer(Int64(excess.bound.value(settings)))),
        ControlField("count", .integer(count)),
      ])
  }
}
