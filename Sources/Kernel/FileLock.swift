import CLinux
import Glibc

/// An exclusive lock between processes, held for the value's lifetime (`flock`).
///
/// The file is created 0600. Whoever holds the lock may remove it.
public struct FileLock: ~Copyable {
  private let descriptor: OwnedDescriptor

  /// Waits until the lock is free.
  public init(path: String) throws(SystemError) {
    while true {
      let opened = try Files.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
      _ = try opened.withRaw { (raw) throws(SystemError) in
        try check("lock", path) { clinux_flock(raw, LOCK_EX) }
      }
      guard try Self.isStill(opened, at: path) else { continue }
      descriptor = opened
      return
    }
  }

  /// Waits for the lock, but not for ever: its holder may have been stopped.
  ///
  /// - Parameter patience: nanoseconds.
  /// - Returns: nil where it was not free by then.
  public init?(path: String, patience: UInt64) throws(SystemError) {
    let end = Clock.monotonicNanoseconds() + patience
    while true {
      let opened = try Files.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
      let result = opened.withRaw { clinux_flock($0, LOCK_EX | LOCK_NB) }
      if result == 0 {
        guard try Self.isStill(opened, at: path) else { continue }
        descriptor = opened
        return
      }
      let errno = Errno.current
      guard errno.code == EWOULDBLOCK || errno.code == EINTR else {
        throw SystemError(step: "lock", subject: path, errno: errno)
      }
      guard Clock.monotonicNanoseconds() < end else { return nil }
      // A write takes milliseconds. Which of several that wait comes next is nobody's promise.
      poll(nil, 0, Self.pause)
    }
  }

  private static let pause: Int32 = 2

  /// Lets the next holder in. The explicit end also keeps the lock held until here.
  public consuming func unlock() {}

  /// False where the file was removed between the open and the lock: the next opens another one,
  /// and both would be let in.
  static func isStill(
    _ descriptor: borrowing OwnedDescriptor, at path: String
  ) throws(SystemError) -> Bool {
    let ours = try Files.status(descriptor, subject: path)
    do throws(SystemError) {
      let there = try Files.status(path, follow: false)
      return there.device == ours.device && there.inode == ours.inode
    } catch  where error.errno.code == ENOENT {
      return false
    }
  }
}
