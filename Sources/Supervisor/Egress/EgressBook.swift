import Audit
import Control
import JSON
import Kernel

/// Writes down a server's connections and what was refused of them, and tells a person: a bounded
/// number of lines, whoever makes them up.
final class EgressBook {
  private let tell: (SessionNotice) -> Void
  private let record: (AuditEvent) -> Void
  private let now: () -> UInt64
  private var told = 0
  private var leftOut = 0
  private var next: UInt64 = 0
  /// What was told, and when.
  private var subjects: [Subject: UInt64] = [:]

  private struct Subject: Hashable {
    let name: [UInt8]
    let port: UInt16
    /// The refusal's reason, or the connection's outcome.
    let what: String
  }

  /// Lines that are told as they come, and nanoseconds between those behind them.
  static let free = 48
  static let interval: UInt64 = 10_000_000_000
  private static let minute: UInt64 = 60_000_000_000
  private static let mostSubjects = 256

  init(
    now: @escaping () -> UInt64 = { Clock.monotonicNanoseconds() },
    tell: @escaping (SessionNotice) -> Void, record: @escaping (AuditEvent) -> Void
  ) {
    self.now = now
    self.tell = tell
    self.record = record
  }

  /// - Throws: for what no honest process reports.
  func take(_ connection: EgressConnection) throws(FrameError) {
    guard connection.name.count <= EgressReport.longestText, (0...4095).contains(connection.errno)
    else {
      throw .invalid("connection")
    }
    var event = AuditEvent(
      "egress",
      [
        ("name", .string(JSONString(utf8: connection.name))),
        ("port", .integer(Int64(connection.port))),
      ])
    if let address = connection.address {
      event.add("address", .string(JSONString(address.description)))
    }
    event.add("sent", .integer(Int64(clamping: connection.sent)))
    event.add("received", .integer(Int64(clamping: connection.received)))
    event.add("milliseconds", .integer(Int64(clamping: connection.milliseconds)))
    event.add("outcome", .string(JSONString(connection.outcome.rawValue)))
    if connection.errno != 0 {
      event.add("errno", .string(JSONString(Errno(connection.errno).name)))
    }
    record(event)
    if let words = EgressWords(connection) {
      say(
        words,
        of: Subject(
          name: connection.name, port: connection.port, what: connection.outcome.rawValue))
    }
  }

  /// - Throws: for what no honest process reports.
  func take(_ refusal: EgressRefusal) throws(FrameError) {
    guard refusal.name.count <= EgressReport.longestText,
      refusal.detail.count <= EgressReport.longestText,
      refusal.count > 0
    else { throw .invalid("refusal") }
    let words = EgressWords(refusal)
    var event = AuditEvent(
      "egress-refused",
      [
        ("reason", .string(JSONString(refusal.reason.rawValue))),
        ("name", .string(JSONString(utf8: refusal.name))),
      ])
    if refusal.port != 0 { event.add("port", .integer(Int64(refusal.port))) }
    if !refusal.detail.isEmpty {
      event.add("detail", .string(JSONString(utf8: refusal.detail)))
    }
    event.add("count", .integer(Int64(clamping: refusal.count)))
    if let grant = words.grant { event.add("allow", .string(JSONString(grant))) }
    record(event)
    say(
      words, of: Subject(name: refusal.name, port: refusal.port, what: refusal.reason.rawValue))
  }

  /// What carried the connections ended before it had told of each.
  func recordsAreMissing(_ reason: String) {
    record(AuditEvent("egress-incomplete", [("reason", .string(JSONString(reason)))]))
  }

  /// What is refused or not reached is tried again and again: it is told once a minute, and each time
  /// written down.
  private func say(_ words: EgressWords, of subject: Subject) {
    let now = now()
    if let since = subjects[subject], now < since + Self.minute { return }
    if subjects.count >= Self.mostSubjects { subjects.removeAll() }
    subjects[subject] = now
    told += 1
    if told > Self.free, now < next {
      leftOut += 1
      return
    }
    if told >= Self.free { next = now + Self.interval }
    let rest = leftOut == 0 ? "" : " (\(leftOut) lines of this kind were left out)"
    leftOut = 0
    tell(.network(words.text + rest, hint: words.hint))
  }
}
