import CLinux
import Control
import Glibc
import Kernel

/// The socket to the supervisor: reports go out, whole frames only. Nothing more comes in; its end
/// is the session's.
struct ReportQueue {
  let descriptor: Int32
  private var bytes: [UInt8] = []
  private var head = 0
  /// When what is queued goes out at the latest; nil where nothing is.
  private(set) var due: UInt64?
  /// The socket takes no more for now.
  private(set) var isStuck = false
  /// The supervisor is gone, has closed its way in, or speaks where it has nothing to say. What is
  /// queued may still be taken.
  private(set) var isClosed = false
  /// Nobody takes what is queued.
  private var isBroken = false

  /// Nanoseconds that a report waits for others: each lot wakes the supervisor, which then takes a
  /// processor from whoever carries bytes.
  private static let patience: UInt64 = 50_000_000
  /// Bytes that do not wait.
  private static let enough = 64 << 10
  /// Bytes above which nothing is accepted that would add to them.
  private static let highWater = 1 << 20

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Connections whose end could not be told are not begun.
  var isFull: Bool { bytes.count - head >= Self.highWater }

  mutating func send(_ report: EgressReport, at now: UInt64) {
    bytes += report.frame()
    if due == nil { due = now + Self.patience }
  }

  /// Sends what is due.
  mutating func flush(at now: UInt64) {
    guard let due, now >= due || bytes.count - head >= Self.enough, !isStuck else { return }
    write()
  }

  /// The socket has room again.
  mutating func becameWritable() {
    isStuck = false
    if due != nil { write() }
  }

  private mutating func write() {
    while head < bytes.count, !isBroken {
      let count = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[head...])
        return unsafe rest.baseAddress.map { unsafe clinux_send(descriptor, $0, rest.count, 1) }
          ?? 0
      }
      let errno = Errno.current
      if count > 0 {
        head += count
      } else if errno.code == EAGAIN {
        isStuck = true
        return
      } else if errno.code != EINTR {
        isBroken = true
        isClosed = true
      }
    }
    bytes.removeAll(keepingCapacity: bytes.capacity <= 256 << 10)
    head = 0
    due = nil
  }

  /// Looks whether the supervisor is still there.
  mutating func look() {
    var byte: UInt8 = 0
    let count = unsafe recv(descriptor, &byte, 1, Int32(truncatingIfNeeded: MSG_DONTWAIT))
    let errno = Errno.current
    if count >= 0 || (errno.code != EAGAIN && errno.code != EINTR) { isClosed = true }
  }

  /// Sends the last words, waiting for at most a second each time that the socket takes no more, and
  /// ends the socket's way out behind them: whoever has read to its end has read all.
  mutating func drain() {
    isStuck = false
    while head < bytes.count, !isBroken {
      write()
      guard isStuck else { break }
      var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard unsafe poll(&watched, 1, 1000) == 1 else { return }
      isStuck = false
    }
    // A supervisor that is gone reads nothing.
    _ = shutdown(descriptor, Int32(SHUT_WR))
  }
}
