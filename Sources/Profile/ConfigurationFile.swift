import Glibc
public import Kernel

/// The one place here that touches the disk: what `ProfileLoader` is given to read with.
public enum ConfigurationFile {
  /// A whole file's bytes. A file chosen by name must belong to the caller or to root and be
  /// writable by nobody else; one chosen by path may be anyone's, but not writable by everyone.
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
    guard trust == .path || status.uid == 0 || status.uid == caller else {
      throw SystemError(step: "trust a file of another user", subject: path, errno: Errno(EPERM))
    }
    guard status.mode & (trust == .path ? 0o002 : 0o022) == 0 else {
      throw SystemError(
        step: "trust a file that others can write", subject: path, errno: Errno(EPERM))
    }
    return try Files.read(descriptor, limit: ProfileLoader.longestFile, subject: path)
  }
}
