import Glibc
public import Kernel

/// The one place here that touches the disk: what `ProfileLoader` is given to read with.
public enum ConfigurationFile {
  /// A whole file's bytes. A file chosen by name must belong to the caller or to root and be
  /// writable by nobody else; one chosen by path may be anyone's, but not writable by everyone. The
  /// administrator's is root's, as is the directory in which it lies.
  ///
  /// - Throws: `EPERM` for a file that is not to be trusted, `EINVAL` for what is no regular file,
  ///   `EFBIG` over the loader's limit, and the kernel's own.
  public static func read(
    _ path: String, trust: ProfileTrust, caller: UInt32
  ) throws(SystemError) -> [UInt8] {
    // Without waiting, since a FIFO would hold up the launch.
    let descriptor = try Files.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    let status = try Files.status(descriptor, subject: path)
    guard status.kind == .regular else {
      throw SystemError(step: "read what is no regular file", subject: path, errno: Errno(EINVAL))
    }
    guard trust == .path || status.uid == 0 || (trust == .named && status.uid == caller) else {
      throw SystemError(step: "trust a file of another user", subject: path, errno: Errno(EPERM))
    }
    guard status.mode & (trust == .path ? 0o002 : 0o022) == 0 else {
      throw SystemError(
        step: "trust a file that others can write", subject: path, errno: Errno(EPERM))
    }
    if trust == .administrator { try checkDirectory(of: path) }
    return try Files.read(descriptor, limit: ProfileLoader.longestFile, subject: path)
  }

  /// Whoever can write to a directory can put another file in a file's place.
  private static func checkDirectory(of path: String) throws(SystemError) {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let status = try Files.status(directory)
    guard status.uid == 0, status.mode & 0o022 == 0 else {
      throw SystemError(
        step: "trust a file in a directory that others can write", subject: path,
        errno: Errno(EPERM))
    }
  }
}
