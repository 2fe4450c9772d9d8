import Audit
import JSON
import Kernel
import Testing

@testable import Commands

/// `audit show` in a world of its own.
@Suite struct AuditShowTests {
  private static func log(_ events: [AuditEvent], in world: World) throws {
    var log = try AuditLog(directory: world.places.audit, server: "notes", session: "s1") { $0 }
    for event in events { try log.append(event) }
  }

  private static func connection(
    _ name: String, _ port: Int64, _ outcome: String, sent: Int64 = 1500, received: Int64 = 12,
    address: String? = "192.0.2.1"
  ) -> AuditEvent {
    var event = AuditEvent(
      "egress",
      [
        ("name", .string(name)), ("port", .integer(port)), ("sent", .integer(sent)),
        ("received", .integer(received)), ("milliseconds", .integer(7)),
        ("outcome", .string(outcome)),
      ])
    if let address { event.add("address", .string(address)) }
    return event
  }

  private static func refusal(
    _ reason: String, _ name: String, _ port: Int64, count: Int64, detail: String = "",
    allow: String? = nil
  ) -> AuditEvent {
    var event = AuditEvent(
      "egress-refused",
      [
        ("reason", .string(reason)), ("name", .string(name)), ("port", .integer(port)),
        ("detail", .string(detail)), ("count", .integer(count)),
      ])
    if let allow { event.add("allow", .string(allow)) }
    return event
  }

  static let events = [
    AuditEvent("launch", [("command", .list(["python3", "a b"])), ("pinned", .boolean(true))]),
    connection("b.example", 443, "closed"),
    connection("a.example", 443, "closed"),
    connection("b.example", 443, "reset", sent: 2_500_000, address: "2001:db8::1"),
    connection("b.example", 443, "closed"),
    connection("b.example", 80, "unresolved", sent: 0, received: 0, address: nil),
    refusal("name", "evil.example", 0, count: 2),
    refusal("name", "evil.example", 0, count: 40, allow: "evil.example:443"),
    refusal("server-name", "b.example", 443, count: 1, detail: "x\u{202E}y z"),
    refusal("of tomorrow", "::1", 9, count: 1),
    refusal("port", "", 0, count: 3),
  ]

  /// Times are those of the run.
  private static func timeless(_ text: String) -> String {
    text.replacing(/\d{4}-\d\d-\d\dT[0-9:.]+Z( to \d{4}-\d\d-\d\dT[0-9:.]+Z)?/, with: "T")
  }

  @Test func eventsArePrintedOneToALine() throws {
    let world = try World()
    try Self.log(
      Array(Self.events[...1]) + [
        AuditEvent("call", [("name", .string("x\n\u{1B}[2J outcome=y"))])
      ],
      in: world)
    #expect(world.run(["audit", "show", "notes"]) == 0)
    #expect(
      Self.timeless(world.text) == """
        T launch session=s1 command=[python3, "a b"] pinned=yes
        T egress session=s1 name=b.example port=443 sent=1500 received=12 milliseconds=7 \
        outcome=closed address=192.0.2.1
        T call session=s1 name="x‹U+000A›‹U+001B›[2J outcome=y"

        """)
  }

  @Test func eventsAreOneDocument() throws {
    let world = try World()
    try Self.log(Self.events, in: world)
    #expect(world.run(["audit", "show", "notes", "--format", "json"]) == 0)
    let document = try JSONReader.parse(world.output)
    #expect(document["name"]?.string == "notes")
    let events = try #require(document["events"]?.array)
    #expect(events.count == Self.events.count)
    #expect(events[0]["command"]?.array?.last?.string == "a b")
    #expect(events[8]["detail"]?.string == "x\u{202E}y z")
    #expect(!world.text.unicodeScalars.contains("\u{202E}"))
  }

  @Test func connectionsAreSummedUpByDestination() throws {
    let world = try World()
    try Self.log(Self.events, in: world)
    #expect(world.run(["audit", "show", "notes", "--egress"]) == 0)
    #expect(
      Self.timeless(world.text) == """
        notes: 5 connections, 47 refused

        connections:
          a.example:443  1 connection (1 closed), 1.5 kB sent, 12 bytes received
            at 192.0.2.1
            T
          b.example:80  1 connection (1 unresolved), 0 bytes sent, 0 bytes received
            T
          b.example:443  3 connections (2 closed, 1 reset), 2.5 MB sent, 36 bytes received
            at 192.0.2.1, 2001:db8::1
            T

        refused:
          further destinations  3 times, last T: granted on other ports only
          [::1]:9  1 time, last T: of tomorrow
          b.example:443  1 time, last T: the TLS client named another host: "x‹U+202E›y z"
          evil.example  42 times, last T: no rule grants the name \
        (--allow evil.example:443)

        """)
  }

  @Test func theSumsAreDataToo() throws {
    let world = try World()
    try Self.log(Self.events, in: world)
    #expect(world.run(["audit", "show", "--egress", "--format", "json", "notes"]) == 0)
    let document = try JSONReader.parse(world.output)
    let rows = try #require(document["destinations"]?.array)
    #expect(rows.map { $0["name"]?.string } == ["a.example", "b.example", "b.example"])
    #expect(rows[2]["connections"]?.int64 == 3)
    #expect(rows[2]["sent"]?.int64 == 2_503_000)
    #expect(rows[2]["milliseconds"]?.int64 == 21)
    #expect(rows[2]["outcomes"]?["closed"]?.int64 == 2)
    #expect(rows[2]["addresses"]?.array?.map(\.string) == ["192.0.2.1", "2001:db8::1"])
    let refused = try #require(document["refused"]?.array)
    #expect(refused.map { $0["count"]?.int64 } == [3, 1, 1, 42])
    #expect(refused[3]["allow"]?.string == "evil.example:443")
    #expect(document["otherDestinations"] == nil)
  }

  @Test func namesThatAServerInventsAreBounded() throws {
    let world = try World()
    let count = EgressSummary.mostRows + 10
    try Self.log(
      (0..<count).flatMap {
        [
          Self.connection("\($0).example", 443, "closed"),
          Self.refusal("port", "\($0)", 1, count: 3),
        ]
      }, in: world)
    #expect(world.run(["audit", "show", "notes", "--egress", "--format", "json"]) == 0)
    let document = try JSONReader.parse(world.output)
    #expect(document["destinations"]?.array?.count == EgressSummary.mostRows)
    #expect(document["otherDestinations"]?["connections"]?.int64 == 10)
    #expect(document["otherRefused"]?["count"]?.int64 == 30)
    #expect(world.run(["audit", "show", "notes", "--egress"]) == 0)
    #expect(world.text.contains("  all other destinations  10 connections (10 closed)"))
    #expect(world.text.contains("\n  all others  30 times, last "))
  }

  @Test func whatMayBeMissingIsSaid() throws {
    let world = try World()
    try Self.log(
      [AuditEvent("egress-incomplete", [("reason", .string("it ended by signal 9"))])], in: world)
    #expect(world.run(["audit", "show", "notes", "--egress"]) == 0)
    #expect(
      world.text == """
        notes: 0 connections, 0 refused

        incomplete: what was open at the end of 1 session may not be written down

        """)
    #expect(world.run(["audit", "show", "notes", "--egress", "--format", "json"]) == 0)
    #expect(try JSONReader.parse(world.output)["incompleteSessions"]?.int64 == 1)
  }

  @Test func aDamagedLineIsCounted() throws {
    let world = try World()
    try Self.log([Self.events[0]], in: world)
    let path = "\(world.places.audit)/notes.jsonl"
    let whole = try Files.read(path, limit: 1 << 16)
    try Files.replace(path, with: whole + Array("{\"time\":".utf8), mode: 0o600)
    #expect(world.run(["audit", "show", "notes"]) == 0)
    #expect(world.text.contains(" launch "))
    #expect(world.errors == "cordon: warning: 1 line of the audit log can't be read\n")
  }

  @Test func aServerWithoutALogHasNoEvents() throws {
    let world = try World()
    #expect(world.run(["audit", "show", "notes"]) == 66)
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    #expect(world.run(["audit", "show", "notes"]) == 0)
    #expect(world.text.isEmpty)
    #expect(world.run(["audit", "show", "notes", "--egress"]) == 0)
    #expect(world.text == "notes: 0 connections, 0 refused\n")
    #expect(world.run(["audit", "show", "notes", "--format", "json"]) == 0)
    #expect(world.text == "{\"schema\":1,\"name\":\"notes\",\"events\":[]}\n")
    #expect(world.run(["audit", "show"]) == 64)
    #expect(world.run(["audit", "follow"]) == 64)
  }

  @Test func bytesAreRounded() {
    for (number, text) in [
      (Int64(0), "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"),
      (9999, "9.9 kB"), (10_000, "10 kB"), (1_234_567, "1.2 MB"), (.max, "9223 PB"),
    ] { #expect(EgressSummaryText.bytes(number) == text) }
  }
}
