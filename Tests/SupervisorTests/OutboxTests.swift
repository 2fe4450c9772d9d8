import Glibc
import Kernel
import Testing

@testable import Supervisor

/// Orders for a relay that reads nothing, or never all.
@Suite struct OutboxTests {
  @Test func whatNobodyReadsIsKeptUpToALimit() throws {
    let pair = try SocketPair()
    var outbox = Outbox()
    let order = [UInt8](repeating: 7, count: 8 << 20)
    for _ in 0..<8 { try outbox.send(order, to: pair.ours) }
    #expect(throws: SystemError.self) {
      for _ in 0..<2 { try outbox.send(order, to: pair.ours) }
    }
    #expect(outbox.held <= Outbox.limit)
  }

  /// A part that always leaves a little must not make what it has read stay in memory.
  @Test func whatWasReadIsNotKept() throws {
    let pair = try SocketPair()
    var outbox = Outbox()
    let order = [UInt8](repeating: 7, count: 1 << 20)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var most = 0
    try outbox.send(order, to: pair.ours)
    for _ in 0..<64 {
      try outbox.send(order, to: pair.ours)
      most = max(most, outbox.held)
      var left = order.count
      while left > 0 {
        let count = pair.theirs.withRaw { unsafe read($0, &buffer, left) }
        try #require(count > 0)
        left -= count
        try outbox.flush(to: pair.ours)
      }
      #expect(!outbox.isEmpty)
    }
    #expect(most < 8 << 20, "\(most)")
  }
}
