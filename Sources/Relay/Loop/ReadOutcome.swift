import Glibc
import Kernel

/// What a read that does not wait gave.
enum ReadOutcome: Equatable {
  case bytes(Int)
  /// Nothing now.
  case later
  /// The other end has closed, or is lost.
  case end

  init(_ descriptor: Int32, _ space: UnsafeMutableRawBufferPointer) {
    let count = unsafe read(descriptor, space.baseAddress, space.count)
    if count < 0 {
      let code = Errno.current.code
      self = code == EAGAIN || code == EINTR ? .later : .end
    } else {
      self = count == 0 ? .end : .bytes(count)
    }
  }

  var count: Int {
    guard case .bytes(let count) = self else { return 0 }
    return count
  }
}
