import CLinux
import Control
import Glibc
import Kernel
import Testing

@testable import Egress

@Suite struct ConnectionTests {
  @Test func bytesPassBothWaysAndEachSideEndsOnItsOwn() throws {
    let ground = try LoopGround()
    let client = try ground.connect()
    let server = try ground.accept()
    try client.say("question")
    client.sayNoMore()
    #expect(try server.hear() == Array("question".utf8))
    // The other way is still open.
    try server.say("answer")
    server.close()
    #expect(try client.hear() == Array("answer".utf8))
    let reports = try ground.end()
    let connection = try #require(reports.connections.first)
    #expect(connection.name == Array("localhost".utf8) && connection.port == ground.port)
    #expect(connection.address == .v4(0x7F00_0001))
    #expect(connection.sent == 8 && connection.received == 6)
    #expect(connection.outcome == .closed && reports.count == 1)
  }

  @Test func muchPassesWhole() throws {
    let ground = try LoopGround()
    let client = try ground.connect()
    let server = try ground.accept()
    let portion = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }
    let writer = Background {
      for _ in 0..<100 { try server.say(portion) }
      server.close()
    }
    for _ in 0..<100 { #expect(try client.hear(portion.count) == portion) }
    #expect(try client.hear() == [])
    client.close()
    try writer.wait()
    #expect(try ground.end().connections.map(\.received) == [10_000_000])
  }

  @Test func aResetPassesThrough() throws {
    let ground = try LoopGround()
    let first = try ground.connect()
    let firstServer = try ground.accept()
    firstServer.reset()
    expect(ECONNRESET) { _ = try first.hear() }
    let second = try ground.connect()
    let secondServer = try ground.accept()
    second.reset()
    expect(ECONNRESET) { _ = try secondServer.hear() }
    let outcomes = try ground.end().connections.map(\.outcome)
    #expect(outcomes == [.reset, .reset])
  }

  @Test func whatWasSaidBeforeAResetIsHeard() throws {
    let ground = try LoopGround()
    let client = try ground.connect()
    let server = try ground.accept()
    // The server closes without having read: its kernel resets then.
    try client.say("unread")
    #expect(try server.hearSome(1).count == 1)
    try server.say("last words")
    server.close()
    #expect(try client.hearSome(100) == Array("last words".utf8))
  }

  @Test func aFailureOutsideIsAResetInside() throws {
    let ground = try LoopGround(isServed: false)
    let client = try ground.connect()
    expect(ECONNRESET) { _ = try client.hear() }
    let connection = try #require(try ground.end().connections.first)
    #expect(connection.outcome == .unreachable && connection.errno == ECONNREFUSED)
    #expect(connection.sent == 0)
  }

  @Test func whatIsNotGrantedIsResetAndToldOnce() throws {
    let ground = try LoopGround(rules: [EgressRule(.loopback, port: 1)])
    for _ in 0..<3 {
      let client = try ground.connect()
      expect(ECONNRESET) { _ = try client.hear() }
    }
    let refusals = try ground.end().refusals
    #expect(refusals.map(\.reason) == [.port, .port] && refusals.map(\.count) == [1, 2])
    #expect(refusals.allSatisfy { $0.name == Array("localhost".utf8) && $0.port == ground.port })
  }

  @Test func oneConnectionTooManyIsReset() throws {
    let ground = try LoopGround(limits: EgressLimits(connections: 1))
    let client = try ground.connect()
    let server = try ground.accept()
    let second = try ground.connect()
    expect(ECONNRESET) { _ = try second.hear() }
    client.close()
    server.close()
    let reports = try ground.end()
    #expect(reports.refusals.map(\.reason) == [.connections])
  }

  @Test func whatIsOpenAtTheEndIsReported() throws {
    let ground = try LoopGround()
    let client = try ground.connect()
    let server = try ground.accept()
    try client.say("a")
    #expect(try server.hear(1).count == 1)
    let reports = try ground.end()
    #expect(reports.connections.map(\.outcome) == [.ended])
    #expect(reports.connections.map(\.sent) == [1])
    expect(ECONNRESET) { _ = try client.hear() }
    expect(ECONNRESET) { _ = try server.hear() }
  }

  @Test func aSilentConnectionEndsAtItsLimit() throws {
    let ground = try LoopGround(limits: EgressLimits(idleSeconds: 1))
    let client = try ground.connect()
    let server = try ground.accept()
    expect(ECONNRESET) { _ = try client.hear() }
    expect(ECONNRESET) { _ = try server.hear() }
    #expect(try ground.end().connections.map(\.outcome) == [.idle])
  }

  @Test func plainRequestsPassUntilOneNamesAnotherHost() throws {
    let ground = try LoopGround(inspection: .http)
    let client = try ground.connect()
    let request = "GET / HTTP/1.1\r\nHost: localhost:\(ground.port)\r\n\r\n"
    for byte in request.utf8 { try client.say([byte]) }
    let server = try ground.accept()
    #expect(try server.hear(request.utf8.count) == Array(request.utf8))
    try server.say("HTTP/1.1 204 No Content\r\n\r\n")
    #expect(try client.hear(27).count == 27)
    try client.say("GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
    expect(ECONNRESET) { _ = try client.hear() }
    expect(ECONNRESET) { _ = try server.hear() }
    let reports = try ground.end()
    let refusal = try #require(reports.refusals.first)
    #expect(refusal.reason == .host && refusal.detail == Array("elsewhere.example".utf8))
    // What had gone out before is told of too.
    let connection = try #require(reports.connections.first)
    #expect(connection.outcome == .reset && connection.address == .v4(0x7F00_0001))
    #expect(connection.sent == request.utf8.count && connection.received == 27)
  }

  @Test func whatIsNoTLSNeverGoesOut() throws {
    let ground = try LoopGround(inspection: .tls)
    let client = try ground.connect()
    try client.say("GET / HTTP/1.1\r\n\r\n")
    expect(ECONNRESET) { _ = try client.hear() }
    #expect(try ground.end().refusals.map(\.reason) == [.notTLS])
    expect(EAGAIN) {
      _ = try check("accept", "server") { ground.server.withRaw { clinux_accept($0) } }
    }
  }

  private func expect(_ errno: Int32, _ body: () throws -> Void) {
    #expect { try body() } throws: { ($0 as? SystemError)?.errno == Errno(errno) }
  }
}

extension [EgressReport] {
  var connections: [EgressConnection] {
    compactMap { if case .connection(let connection) = $0 { connection } else { nil } }
  }

  var refusals: [EgressRefusal] {
    compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
  }
}
