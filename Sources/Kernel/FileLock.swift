import CLinux
import Glibc

/// An exclusive lock between processes, held for the value's lifetime (`flock`).
///
/// The file is created 0600 and never removed: removing it would let two holders in.
public struct FileLock: ~Copyable {
  private let descriptor: OwnedDescriptor

  /// Waits until the lock is free.
  public init(path: String) throws(SystemError) {
    let opened = try Files.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    _ = try opened.withRaw { (raw) throws(SystemError) in
      try check("lock", path) { clinux_flock(raw, LOCK_EX) }
    }
    descriptor = opened
  }

  /// Lets the next holder in. The explicit end also keeps the lock held until here.
  public consuming func unlock() {}
}
