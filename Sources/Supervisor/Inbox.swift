import Control
import Glibc
import Kernel

/// What a part sends, frame by frame. A part may be taken over: its socket is given up at the first
/// frame that the protocol does not have.
struct Inbox {
  private var reader: FrameReader
  private(set) var isOpen = true

  /// - Parameter limit: the longest frame, in bytes.
  init(limit: Int) {
    reader = FrameReader(limit: limit)
  }

  /// The frames that are complete by now. At the end of the socket the loop no longer watches it.
  mutating func frames(
    from control: borrowing OwnedDescriptor, _ loop: borrowing EventLoop
  ) throws(SystemError) -> [FrameFields] {
    guard isOpen else { return [] }
    if let frames = receive(control) { return frames }
    isOpen = false
    try control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    return []
  }

  /// Nil at the end.
  private mutating func receive(_ control: borrowing OwnedDescriptor) -> [FrameFields]? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = control.withRaw { unsafe recv($0, &chunk, chunk.count, Int32(MSG_DONTWAIT)) }
    if count < 0 {
      let errno = Errno.current.code
      return errno == EAGAIN || errno == EINTR ? [] : nil
    }
    if count == 0 { return nil }
    reader.feed(chunk[..<count])
    var frames: [FrameFields] = []
    do throws(FrameError) {
      while let frame = try reader.next() { frames.append(frame) }
    } catch {
      return nil
    }
    return frames
  }
}
