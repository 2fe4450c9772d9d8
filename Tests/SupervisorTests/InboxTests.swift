import Control
import Kernel
import Testing

@testable import Supervisor

@Suite struct InboxTests {
  /// What an inbox makes of these bytes, and whether it reads on.
  private func receive(
    _ bytes: [UInt8], limit: Int = 1 << 10
  ) throws -> (frames: Int, inbox: Inbox) {
    let pair = try SocketPair()
    try Files.write(bytes, to: pair.theirs, subject: "test")
    var inbox = Inbox(limit: limit)
    var frames = 0
    while inbox.next(from: pair.ours) != nil { frames += 1 }
    return (frames, inbox)
  }

  @Test func framesComeWholeAndTheRestWaits() throws {
    let whole = RelayReport.ready.frame()
    let (frames, inbox) = try receive(whole + whole + whole.dropLast())
    #expect(frames == 2)
    #expect(inbox.isOpen && inbox.fault == nil)
  }

  /// A frame over the limit used to look like the end of the socket: nobody heard the relay any
  /// more, and nothing ended the session.
  @Test func aFrameOverTheLimitIsAFaultAndNotAnEnd() throws {
    let (frames, inbox) = try receive(RelayReport.ready.frame() + [0, 0, 16, 0])
    #expect(frames == 1)
    #expect(!inbox.isOpen)
    #expect(inbox.fault == .tooLong(1 << 20))
  }
}
