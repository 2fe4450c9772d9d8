import Glibc
import Kernel

/// A name that was closed to the server in a writable grant, to be looked at again in the end.
///
/// A mount is gone once a program outside puts another file or directory in the place of what it
/// lies on (an editor or git that renames a new file over the old one): from then on the server may
/// have written what is there.
public struct KeptName: Equatable, Sendable {
  /// On the machine.
  public let path: String
  /// What was there at the start; nil where nothing was.
  let identity: FileIdentity?

  /// Whether something else is there now. What nothing was before and is an empty directory now is
  /// another session's placeholder.
  public func isChanged() -> Bool {
    let status: FileStatus
    do throws(SystemError) {
      status = try Files.status(path, follow: false)
    } catch {
      // What is gone runs nowhere; what cannot be looked at must be.
      return error.errno.code != ENOENT
    }
    guard let identity else { return !(status.kind == .directory && isEmpty) }
    return FileIdentity(status) != identity
  }

  private var isEmpty: Bool {
    do throws(SystemError) {
      return try Files.list(path).isEmpty
    } catch {
      return false
    }
  }
}
