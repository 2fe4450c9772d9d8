import Control
import Glibc
import Kernel

/// What a part sends, frame by frame. A part may be taken over: its socket is given up at the first
/// frame that the protocol does not have.
struct Inbox {
  private var reader: FrameReader
  private(set) var isOpen = true
  /// What was sent that this protocol does not have; the socket is not read any more.
  private(set) var fault: FrameError?

  /// - Parameter limit: the longest frame, in bytes.
  init(limit: Int) {
    reader = FrameReader(limit: limit)
  }

  /// The frames that are complete by now. At the end of the socket the loop no longer watches it.
  mutating func frames(
    from control: borrowing OwnedDescriptor, _ loop: borrowing EventLoop
  ) throws(SystemError) -> [FrameFields] {
    guard isOpen else { return [] }
    let frames = receive(control)
    if !isOpen { try control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) } }
    return frames
  }

  private mutating func receive(_ control: borrowing OwnedDescriptor) -> [FrameFields] {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = control.withRaw { unsafe recv($0, &chunk, chunk.count, Int32(MSG_DONTWAIT)) }
    if count < 0 {
      let errno = Errno.current.code
      isOpen = errno == EAGAIN || errno == EINTR
      return []
    }
    isOpen = count > 0
    reader.feed(chunk[..<count])
    var frames: [FrameFields] = []
    do throws(FrameError) {
      while let frame = try reader.next() { frames.append(frame) }
    } catch {
      isOpen = false
      fault = error
    }
    return frames
  }
}
