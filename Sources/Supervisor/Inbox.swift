import Control
import Glibc
import Kernel

/// What a part sends, frame by frame. A part may be taken over: its socket is given up at the first
/// frame that the protocol does not have.
///
/// No more is read than the frame at hand needs, so that what waits, waits in the part's own socket.
struct Inbox {
  private var reader: FrameReader
  /// More may come. What was read before the end is still given out.
  private(set) var isOpen = true
  /// What was sent that this protocol does not have; nothing is given out behind it.
  private(set) var fault: FrameError?

  /// - Parameter limit: the longest frame, in bytes.
  init(limit: Int) {
    reader = FrameReader(limit: limit)
  }

  /// Whether a frame is here already, which no event will tell.
  var hasFrame: Bool { fault == nil && reader.hasFrame }

  /// The next frame that is complete by now.
  mutating func next(from control: borrowing OwnedDescriptor) -> FrameFields? {
    while fault == nil {
      do throws(FrameError) {
        if let frame = try reader.next() { return frame }
      } catch {
        isOpen = false
        fault = error
        return nil
      }
      guard isOpen, receive(control) else { return nil }
    }
    return nil
  }

  /// A frame that came whole was none of this protocol's.
  mutating func giveUp(_ error: FrameError) {
    isOpen = false
    fault = fault ?? error
  }

  /// - Returns: whether there was something.
  private mutating func receive(_ control: borrowing OwnedDescriptor) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = control.withRaw { unsafe recv($0, &chunk, chunk.count, Int32(MSG_DONTWAIT)) }
    if count < 0 {
      let errno = Errno.current.code
      isOpen = errno == EAGAIN || errno == EINTR
      return false
    }
    isOpen = count > 0
    reader.feed(chunk[..<count])
    return isOpen
  }
}
