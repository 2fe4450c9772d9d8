import CLinux
import Glibc

/// A lock file that tells whether anybody uses a thing: users hold it together, whoever wants to
/// take the thing away holds it alone (`flock`). Held until the last reference goes.
public final class PresenceLock: Sendable {
  private let descriptor: OwnedDescriptor
  private let path: String

  private init(_ descriptor: consuming OwnedDescriptor, _ path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Joins the users. Nil where somebody holds the lock alone; nothing is waited for.
  public static func join(_ path: String) throws(SystemError) -> PresenceLock? {
    try hold(path, LOCK_SH)
  }

  /// Holds the lock alone. Nil where somebody else holds it in any way.
  public static func alone(_ path: String) throws(SystemError) -> PresenceLock? {
    try hold(path, LOCK_EX)
  }

  /// Removes the file. The caller holds the lock alone.
  public func removeFile() throws(SystemError) {
    try Files.remove(path)
  }

  private static func hold(_ path: String, _ operation: Int32) throws(SystemError) -> PresenceLock?
  {
    while true {
      let opened = try Files.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
      do throws(SystemError) {
        _ = try opened.withRaw { (raw) throws(SystemError) in
          try check("lock", path) { clinux_flock(raw, operation | LOCK_NB) }
        }
      } catch  where error.errno.code == EWOULDBLOCK {
        return nil
      }
      if try FileLock.isStill(opened, at: path) { return PresenceLock(opened, path) }
    }
  }
}
