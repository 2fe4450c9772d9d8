import CLinux
import Glibc
import Kernel

/// A connection over which names are asked for.
final class Questioner {
  let socket: Int32
  private let owner: OwnedDescriptor
  private var stream = NameStream()
  private var answers: [UInt8] = []
  private(set) var deadline: UInt64

  /// Nanoseconds between questions (RFC 7766, 6.2.3, leaves it to the server).
  static let patience: UInt64 = 10_000_000_000
  /// Bytes of answers that are not taken: who asks on without reading is not heard.
  private static let mostUntaken = 64 << 10

  init(_ socket: consuming OwnedDescriptor, at now: UInt64) {
    self.socket = socket.withRaw { $0 }
    owner = socket
    deadline = now + Self.patience
  }

  /// Reads, and answers.
  ///
  /// - Returns: false once it is over.
  func serve(at now: UInt64, _ answer: ([UInt8]) -> [UInt8]?) -> Bool {
    // Who asks more than that at once asks for no names.
    for _ in 0..<64 {
      guard send() else { return false }
      guard answers.count < Self.mostUntaken else { return true }
      var errno = Errno(0)
      let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        let received = unsafe recv(socket, buffer.baseAddress, buffer.count, 0)
        errno = received < 0 ? Errno.current : Errno(received == 0 ? EPIPE : 0)
        count = max(0, received)
      }
      switch errno.code {
      case 0: break
      case EAGAIN: return true
      case EINTR: continue
      default: return false
      }
      guard let more = stream.feed(bytes[...], answer) else { return false }
      if !more.isEmpty { deadline = now + Self.patience }
      answers += more
    }
    return false
  }

  private func send() -> Bool {
    guard !answers.isEmpty else { return true }
    let count = unsafe answers.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe clinux_send(socket, $0, bytes.count, 1) } ?? 0
    }
    let errno = Errno.current
    guard count > 0 else { return errno.code == EAGAIN || errno.code == EINTR }
    answers.removeFirst(count)
    return true
  }
}
