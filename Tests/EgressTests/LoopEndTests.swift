import CLinux
import Control
import Glibc
import Kernel
import Testing

@testable import Egress

/// The end of a session, which the supervisor tells by closing its way in.
@Suite struct LoopEndTests {
  @Test func whatIsStillToBeCarriedDoesNotDelayIt() throws {
    let ground = try LoopGround(isDriven: true)
    let count = 100
    var clients: [Peer] = []
    var servers: [Peer] = []
    try ground.drive { loop in
      var events: [EventLoop.Event] = []
      for number in 1...count {
        clients.append(try ground.connect())
        while loop.relaying < number { try loop.turn(&events) }
        servers.append(try ground.accept())
      }
      for client in clients { try client.say("a") }
      ground.askForEnd()
      try loop.run()
    }
    let connections = try ground.end().connections
    #expect(connections.count == count)
    #expect(connections.allSatisfy { $0.outcome == .ended })
    let sent = connections.map(\.sent).reduce(0, +)
    #expect(sent < count)
  }

  @Test(arguments: [false, true]) func whatWasDueBeforeIsStillTold(isFlushed: Bool) throws {
    let pair = try SocketPair()
    var queue = pair.theirs.withRaw { ReportQueue($0) }
    queue.send(.ready, at: 0)
    _ = pair.ours.withRaw { shutdown($0, Int32(SHUT_WR)) }
    queue.look()
    #expect(queue.isClosed)
    if isFlushed { queue.flush(at: 1_000_000_000) }
    queue.drain()
    var reader = FrameReader(limit: EgressReport.longestFrame)
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = pair.ours.withRaw {
      unsafe recv($0, &bytes, bytes.count, Int32(truncatingIfNeeded: MSG_DONTWAIT))
    }
    reader.feed(bytes[..<max(0, count)])
    #expect(try reader.next().map { try EgressReport($0) } == .ready)
    // That was all, though the other end is still open.
    let rest = pair.ours.withRaw {
      unsafe recv($0, &bytes, bytes.count, Int32(truncatingIfNeeded: MSG_DONTWAIT))
    }
    #expect(rest == 0)
    pair.theirs.withRaw { #expect(clinux_fcntl_int($0, F_GETFD, 0) >= 0) }
  }
}

extension EgressLoop {
  /// Connections that are made on both sides.
  var relaying: Int {
    connections.count { if case .relaying? = $0?.phase { true } else { false } }
  }
}
