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

  @Test func aClientThatIsGoneKeepsNothingForLong() throws {
    let ground = try LoopGround(limits: EgressLimits(endingSeconds: 1))
    let client = try ground.connect()
    let server = try ground.accept()
    try client.say("a")
    client.close()
    #expect(try server.hear() == [UInt8(ascii: "a")])
    // The server stays as it is.
    let report = try #require(try ground.nextReport())
    #expect([report].connections.map(\.outcome) == [.idle])
    server.close()
  }

  @Test func aServerThatIsGoneKeepsNothingForLong() throws {
    let ground = try LoopGround(limits: EgressLimits(endingSeconds: 1))
    let client = try ground.connect()
    try ground.accept().close()
    #expect(try client.hear() == [])
    let report = try #require(try ground.nextReport())
    #expect([report].connections.map(\.outcome) == [.idle])
  }

  /// The short limit holds only from the end of a side on, and bytes of the other still count.
  @Test func whatEndsLivesAsLongAsBytesPass() throws {
    let second: UInt64 = 1_000_000_000
    let ground = try LoopGround(
      limits: EgressLimits(idleSeconds: 3000, endingSeconds: 30), isDriven: true)
    try ground.drive { loop in
      var events: [EventLoop.Event] = []
      let client = try ground.connect()
      while loop.relaying < 1 { try loop.turn(&events) }
      let server = try ground.accept()
      let connection = try #require(loop.connections[0])
      #expect(connection.deadline == loop.now + 3000 * second)
      client.sayNoMore()
      while !connection.sending.isShut { try loop.turn(&events) }
      let first = connection.deadline
      #expect(first == loop.now + 30 * second && loop.nextDeadline <= first)
      try server.say("a")
      while connection.receiving.total < 1 { try loop.turn(&events) }
      #expect(connection.deadline == loop.now + 30 * second && connection.deadline > first)
      ground.askForEnd()
      try loop.run()
    }
    #expect(try ground.end().connections.map(\.outcome) == [.ended])
  }

  /// The client's end is not read before its bytes are, and those the server does not take.
  @Test func anEndBehindUntakenBytesCountsToo() throws {
    let second: UInt64 = 1_000_000_000
    var little: Int32 = 4096
    let size = socklen_t(MemoryLayout<Int32>.size)
    let ground = try LoopGround(limits: EgressLimits(endingSeconds: 30), isDriven: true)
    _ = ground.server.withRaw { unsafe setsockopt($0, SOL_SOCKET, SO_RCVBUF, &little, size) }
    try ground.drive { loop in
      var events: [EventLoop.Event] = []
      let client = try ground.connect()
      while loop.relaying < 1 { try loop.turn(&events) }
      let connection = try #require(loop.connections[0])
      let outside = try #require(connection.outside)
      unsafe setsockopt(outside.socket, SOL_SOCKET, SO_SNDBUF, &little, size)
      try client.say([UInt8](repeating: 1, count: 48 << 10))
      client.close()
      while !connection.sending.isEnding { try loop.turn(&events) }
      #expect(!connection.sending.hasEnded && connection.sending.total < 48 << 10)
      #expect(connection.deadline == loop.now + 30 * second)
      ground.askForEnd()
      try loop.run()
    }
    #expect(try ground.end().connections.map(\.outcome) == [.ended])
  }

  /// What a client says behind its hello waits for an answer that does not come any more.
  @Test func withoutAnAnswerTheEndIsPassedOn() throws {
    let ground = try LoopGround(inspection: .tls)
    let client = try ground.connect()
    let hello = TLSBytes.record(TLSBytes.hello(for: "localhost"))
    try client.say(hello + [23, 3, 3, 0, 1, 0])
    let server = try ground.accept()
    #expect(try server.hear(hello.count) == hello)
    server.sayNoMore()
    #expect(try client.hear() == [])
    client.close()
    #expect(try server.hear() == [])
    #expect(try ground.end().connections.map(\.outcome) == [.closed])
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
