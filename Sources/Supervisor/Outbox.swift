import CLinux
import Glibc
import Kernel

/// Bytes for a part that may read slowly or not at all: sent without ever waiting, kept in order.
struct Outbox {
  /// More than this waits only for a part that has stopped reading.
  static let limit = 64 << 20

  private static let compactedFrom = 1 << 20

  private var waiting: [UInt8] = []
  private var sent = 0

  var isEmpty: Bool { waiting.isEmpty }
  /// Bytes in memory, those included that are sent already.
  var held: Int { waiting.count }

  /// - Throws: `EPIPE` or `ECONNRESET` where the part is gone, `ENOBUFS` over the limit.
  mutating func send(
    _ bytes: [UInt8], to descriptor: borrowing OwnedDescriptor
  ) throws(SystemError) {
    guard waiting.count - sent + bytes.count <= Self.limit else {
      throw SystemError(step: "send", subject: "a part that does not read", errno: Errno(ENOBUFS))
    }
    // A part that always leaves a little must not make what it has read stay here.
    if sent >= Self.compactedFrom {
      waiting.removeFirst(sent)
      sent = 0
    }
    waiting += bytes
    try flush(to: descriptor)
  }

  /// Sends what the socket takes now.
  mutating func flush(to descriptor: borrowing OwnedDescriptor) throws(SystemError) {
    while sent < waiting.count {
      let rest = waiting[sent...]
      let count = descriptor.withRaw { raw in
        unsafe rest.withUnsafeBytes { (bytes) -> Int in
          guard let base = bytes.baseAddress else { return 0 }
          return unsafe clinux_send(raw, base, bytes.count, 1)
        }
      }
      if count < 0 {
        let errno = Errno.current
        if errno.code == EAGAIN { return }
        if errno.code == EINTR { continue }
        throw SystemError(step: "send", subject: "control socket", errno: errno)
      }
      sent += count
    }
    waiting = []
    sent = 0
  }
}
