import Control
import Glibc
import Kernel
import Sandbox

/// The supervisor's end of the witness's socket in a verbose launch.
final class WitnessPost {
  private let ours: OwnedDescriptor
  private var inbox = Inbox(limit: WitnessReport.longestFrame)
  private let book: RefusalBook
  private var taken = 0
  private var isBroken = false

  /// More than a witness ever sends.
  private static let most = 8192

  init(
    _ launch: Launch, _ pins: PinKeeper, _ tell: @escaping (SessionNotice) -> Void,
    on socket: consuming OwnedDescriptor
  ) throws(SystemError) {
    ours = socket
    let disk = HostDisk(try MountTable.current())
    book = RefusalBook(
      view: SandboxView(launch), look: { disk.look($0) }, tell: tell,
      record: { pins.record($0) })
  }

  func watch(_ loop: borrowing EventLoop, token: UInt64) throws(SystemError) {
    try ours.withRaw { (raw) throws(SystemError) in
      try loop.add(raw, token: token, interest: .readable)
    }
  }

  /// Takes what the witness has sent by now.
  ///
  /// - Parameter isExpectedToGoOn: the server runs, and nobody is ending it.
  func read(_ loop: borrowing EventLoop, isExpectedToGoOn: Bool) throws(SystemError) {
    guard inbox.isOpen else { return }
    for frame in try inbox.frames(from: ours, loop) where !isBroken {
      do throws(FrameError) {
        taken += 1
        guard taken <= Self.most else { throw FrameError.invalid("number of reports") }
        book.take(try WitnessReport(frame))
      } catch {
        breakOff(error)
      }
    }
    if let fault = inbox.fault, !isBroken { breakOff(fault) }
    if !inbox.isOpen, !isBroken, isExpectedToGoOn { book.miss() }
  }

  /// Nothing that it says counts any more. The server goes on: its calls are still answered.
  private func breakOff(_ fault: FrameError) {
    isBroken = true
    book.disbelieve("\(fault)")
  }

  /// Everything inside has ended: reads what is left, and tells the totals.
  func close(_ loop: borrowing EventLoop) throws(SystemError) {
    var turns = 0
    while inbox.isOpen, turns < 1024 {
      turns += 1
      try read(loop, isExpectedToGoOn: false)
    }
    book.close()
  }
}
