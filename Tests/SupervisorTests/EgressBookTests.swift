import Audit
import Control
import Glibc
import JSON
import Kernel
import Testing

@testable import Supervisor

/// What is told and written down of a server's connections.
@Suite struct EgressBookTests {
  private final class Heard {
    var lines: [String] = []
    var hints: [String?] = []
    var events: [AuditEvent] = []
    var now: UInt64 = 1
  }

  private func book(_ heard: Heard) -> EgressBook {
    EgressBook(
      now: { heard.now },
      tell: { notice in
        guard case .network(let text, let hint) = notice else { return }
        heard.lines.append(text)
        heard.hints.append(hint)
      }, record: { heard.events.append($0) })
  }

  private static func refusal(
    _ reason: EgressRefusal.Reason, _ name: String, _ port: UInt16 = 0, _ detail: String = "",
    count: UInt64 = 1
  ) -> EgressRefusal {
    EgressRefusal(
      reason, name: Array(name.utf8), port: port, detail: Array(detail.utf8), count: count)
  }

  static let words: [(EgressRefusal, String, String?)] = [
    (
      refusal(.name, "api.example.com"),
      "refused: the name api.example.com, which nothing grants",
      "--allow api.example.com:443, or the port that it needs"
    ),
    (
      refusal(.port, "api.example.com", 8443, count: 3),
      "refused: api.example.com port 8443: the name is granted on other ports (3 times)",
      "--allow api.example.com:8443"
    ),
    (
      refusal(.address, "192.0.2.1", 80), "refused: 192.0.2.1 port 80, which nothing grants",
      "--allow 192.0.2.1:80"
    ),
    (
      refusal(.address, "2001:db8::1", 80), "refused: 2001:db8::1 port 80, which nothing grants",
      "--allow [2001:db8::1]:80"
    ),
    (
      refusal(.serverName, "a.example", 443, "b.example"),
      "refused: a.example port 443: its TLS is for b.example", nil
    ),
    (
      refusal(.noServerName, "a.example", 443),
      "refused: a.example port 443: its TLS names no server",
      #"in a profile: { "host": "a.example", "ports": [443], "sni": "optional" }"#
    ),
    (
      refusal(.resolved, "a.example", 443, "10.0.0.1 (private-use)"),
      "refused: a.example port 443 leads to 10.0.0.1 (private-use), which its rule does not cover",
      #"in a profile: { "host": "a.example", "ports": [443], "private": true }"#
    ),
    (
      refusal(.resolved, "a.example", 80, "169.254.169.254 (cloud metadata)"),
      "refused: a.example port 80 leads to 169.254.169.254 (cloud metadata), which its rule does "
        + "not cover", nil
    ),
    // What a shell would take for something else is no option.
    (refusal(.name, "$(id).x"), "refused: the name $(id).x, which nothing grants", nil),
    (refusal(.name, "--help"), "refused: the name --help, which nothing grants", nil),
    (
      refusal(.name, "", count: 9), "refused: further destinations, name (9 times)", nil
    ),
  ]

  @Test(arguments: words)
  func aRefusalNamesTheOptionThatWouldAllowIt(
    _ item: (refusal: EgressRefusal, text: String, hint: String?)
  ) throws {
    let heard = Heard()
    try book(heard).take(item.refusal)
    #expect(heard.lines == [item.text])
    #expect(heard.hints == [item.hint])
  }

  @Test func everyReasonHasWords() throws {
    for reason in EgressRefusal.Reason.allCases {
      let heard = Heard()
      try book(heard).take(Self.refusal(reason, "a.example", 443, "b.example"))
      #expect(heard.lines.first?.contains("a.example") == true, "\(reason)")
      #expect(heard.events.map(\.kind) == ["egress-refused"])
    }
  }

  @Test func theSameIsToldOnceAMinuteAndAlwaysWrittenDown() throws {
    let heard = Heard()
    let book = book(heard)
    for _ in 0..<3 { try book.take(Self.refusal(.name, "a.example")) }
    #expect(heard.lines.count == 1)
    heard.now += 61_000_000_000
    try book.take(Self.refusal(.name, "a.example"))
    #expect(heard.lines.count == 2)
    #expect(heard.events.count == 4)
  }

  @Test func linesAreBounded() throws {
    let heard = Heard()
    let book = book(heard)
    for number in 0..<1000 { try book.take(Self.refusal(.name, "n\(number).example")) }
    #expect(heard.lines.count <= EgressBook.free + 1)
    heard.now += EgressBook.interval
    try book.take(Self.refusal(.name, "later.example"))
    #expect(heard.lines.last?.contains("lines of this kind were left out") == true)
  }

  /// What shows the log makes it visible; what is told now is visible already.
  @Test func theLogHasWhatWasSaidAndNotHowItLooks() throws {
    let heard = Heard()
    let book = book(heard)
    let name = "x\u{202E}\u{1B}y"
    try book.take(Self.refusal(.serverName, "a.example", 443, name))
    try book.take(Self.refusal(.name, name))
    #expect(
      heard.events[0]
        == AuditEvent(
          "egress-refused",
          [
            ("reason", .string("server-name")), ("name", .string("a.example")),
            ("port", .integer(443)), ("detail", .string(JSONString(name))), ("count", .integer(1)),
          ]))
    #expect(
      heard.events[1]
        == AuditEvent(
          "egress-refused",
          [
            ("reason", .string("name")), ("name", .string(JSONString(name))),
            ("count", .integer(1)),
          ]))
    #expect(heard.lines[1] == "refused: the name x‹U+202E›‹U+001B›y, which nothing grants")
  }

  @Test func aConnectionIsWrittenDownWhole() throws {
    let heard = Heard()
    let book = book(heard)
    try book.take(
      EgressConnection(
        name: Array("a.example".utf8), port: 443, address: .v4(0x0102_0304), sent: 5, received: 6,
        milliseconds: 7, outcome: .closed))
    #expect(heard.lines.isEmpty)
    #expect(
      heard.events == [
        AuditEvent(
          "egress",
          [
            ("name", .string("a.example")), ("port", .integer(443)),
            ("address", .string("1.2.3.4")), ("sent", .integer(5)), ("received", .integer(6)),
            ("milliseconds", .integer(7)), ("outcome", .string("closed")),
          ])
      ])
    try book.take(
      EgressConnection(
        name: Array("a.example".utf8), port: 443, address: .v4(0x0102_0304), sent: 0, received: 0,
        milliseconds: 7, outcome: .unreachable, errno: ECONNREFUSED))
    #expect(
      heard.lines == [
        "not reached: a.example port 443 at 1.2.3.4: connection refused (ECONNREFUSED)"
      ])
  }
}
