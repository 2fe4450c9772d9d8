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
  private var isWatched = false

  /// Reports that are taken before the others have their turn.
  private static let turn = 64
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
    isWatched = true
  }

  /// Takes what the witness has sent by now.
  ///
  /// - Parameter isExpectedToGoOn: the server runs, and nobody is ending it.
  func read(_ loop: borrowing EventLoop, isExpectedToGoOn: Bool) throws(SystemError) {
    guard isWatched else { return }
    for _ in 0..<Self.turn {
      guard let frame = inbox.next(from: ours) else { break }
      do throws(FrameError) {
        taken += 1
        guard taken <= Self.most else { throw FrameError.invalid("number of reports") }
        book.take(try WitnessReport(frame))
      } catch {
        inbox.giveUp(error)
      }
    }
    guard !inbox.isOpen, !inbox.hasFrame else { return }
    isWatched = false
    try ours.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    if let fault = inbox.fault {
      // Nothing more that it says counts. The server goes on: its calls are still answered.
      book.disbelieve("\(fault)")
    } else if isExpectedToGoOn {
      book.miss()
    }
  }

  /// Whether reports are here already, which no event will tell.
  var hasMore: Bool { isWatched && inbox.hasFrame }

  /// Everything inside has ended: reads what is left, and tells the totals.
  func close(_ loop: borrowing EventLoop) throws(SystemError) {
    var turns = 0
    while isWatched, turns < 1024 {
      turns += 1
      try read(loop, isExpectedToGoOn: false)
    }
    book.close()
  }
}
