/// The bounds on what host and server may send each other, beside the size of a message: one list,
/// from which fields, defaults, explanations and what a person approves are derived.
public enum FlowLimit: String, CaseIterable, Hashable, Sendable {
  /// Containers in containers of one message.
  case nesting = "limits.nesting"
  /// Requests of one side that are not answered.
  case pendingRequests = "limits.pendingRequests"
  /// Bytes without a newline, whatever they are: behind that many nothing is read any more.
  case lineSize = "limits.lineSize"
  /// Messages of one side in a second.
  case messages = "rates.messages"
  /// Progress in a second, and log messages, each counted by itself.
  case notifications = "rates.notifications"
  /// Bytes of the server's standard error in a second.
  case standardError = "rates.stderr"
  /// From a handshake's request to its answer.
  case handshake = "timeouts.handshake"
  /// From any other request to its answer, whatever progress comes meanwhile.
  case request = "timeouts.request"
  /// How long a question to the user may wait, through the host or through a program.
  case approval = "timeouts.approval"

  /// What a value is written as.
  enum Unit { case count, size, duration }

  var unit: Unit {
    switch self {
    case .nesting, .pendingRequests, .messages, .notifications: .count
    case .lineSize, .standardError: .size
    case .handshake, .request, .approval: .duration
    }
  }

  /// What holds where no layer says anything. No honest host or server comes near any of them: hosts
  /// give up starting a server after 10 to 60 seconds of their own, some wait a day for one tool, and a
  /// caller that waits for each answer makes no 50,000 calls a second.
  public var defaultValue: Int {
    switch self {
    case .nesting: 128
    case .pendingRequests: 10_000
    case .lineSize: 256 << 20
    case .messages: 50_000
    case .notifications: 2_000
    case .standardError: 1 << 20
    case .handshake: 600
    case .request: 24 * 3600
    case .approval: 300
    }
  }

  var range: ClosedRange<Int> {
    switch self {
    // A tool's schema in a list is nested a dozen deep; the readers' stack holds 128.
    case .nesting: 16...128
    // Ids may have a KiB each, and the relay's memory is bounded.
    case .pendingRequests: 1...100_000
    // One message of the smallest size that can be asked for; as many as a message can have.
    case .lineSize: (64 << 10)...(1 << 40)
    case .messages: 10...10_000_000
    case .notifications: 1...10_000_000
    case .standardError: (1 << 10)...(1 << 30)
    case .handshake, .request, .approval: 1...(30 * 24 * 3600)
    }
  }

  /// The value as a profile would write it.
  public func words(_ value: Int) -> String {
    switch unit {
    case .count: String(value)
    case .size: SizeValue(bytes: value).description
    case .duration: DurationValue(seconds: value).description
    }
  }

  /// The object that the field stands in, and its key there.
  var place: (object: String, key: String) {
    let parts = rawValue.split(separator: ".")
    return (String(parts[0]), String(parts[1]))
  }

  static func keys(of object: String) -> [String] {
    allCases.map(\.place).filter { $0.object == object }.map(\.key)
  }
}

/// The bounds that were given, each with who gave it.
public struct FlowLimits: Sendable, Equatable {
  private var given: [FlowLimit: Sourced<Int>] = [:]

  public subscript(_ limit: FlowLimit) -> Sourced<Int> {
    given[limit] ?? Sourced(limit.defaultValue, .builtIn)
  }

  /// What differs from the default, in the list's order.
  public var changed: [FlowLimit] {
    FlowLimit.allCases.filter { self[$0].value != $0.defaultValue }
  }

  mutating func set(_ limit: FlowLimit, _ value: Sourced<Int>) { given[limit] = value }

  /// A later layer's replace these, one by one.
  mutating func replace(with later: FlowLimits) {
    given.merge(later.given) { $1 }
  }
}
