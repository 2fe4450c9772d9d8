import Glibc

/// What `stat` tells of a file.
public struct FileStatus: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case regular, directory, symbolicLink, socket, fifo, characterDevice, blockDevice, unknown
  }

  public let kind: Kind
  /// Permission bits, with set-UID, set-GID and sticky.
  public let mode: UInt32
  public let uid: UInt32
  public let gid: UInt32
  /// How many names the file has.
  public let links: UInt64
  /// Bytes.
  public let size: Int64
  public let device: UInt64
  public let inode: UInt64
  public let modifiedSeconds: Int64
  public let modifiedNanoseconds: Int64
  public let changedSeconds: Int64
  public let changedNanoseconds: Int64

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFSOCK: .socket
      case S_IFIFO: .fifo
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      default: .unknown
      }
    mode = UInt32(status.st_mode & 0o7777)
    uid = status.st_uid
    gid = status.st_gid
    links = UInt64(status.st_nlink)
    size = Int64(status.st_size)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    modifiedSeconds = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    changedSeconds = Int64(status.st_ctim.tv_sec)
    changedNanoseconds = Int64(status.st_ctim.tv_nsec)
  }
}

extension Files {
  /// - Parameter follow: false to look at a symbolic link itself.
  public static func status(
    _ path: String, follow: Bool = true
  ) throws(SystemError) -> FileStatus {
    var status = stat()
    try check("stat", path) {
      unsafe fstatat(AT_FDCWD, path, &status, follow ? 0 : AT_SYMLINK_NOFOLLOW)
    }
    return FileStatus(status)
  }

  public static func status(
    _ descriptor: borrowing OwnedDescriptor, subject: String
  ) throws(SystemError) -> FileStatus {
    var status = stat()
    _ = try descriptor.withRaw { (raw) throws(SystemError) in
      try check("stat", subject) { unsafe fstat(raw, &status) }
    }
    return FileStatus(status)
  }

  /// Looks at a name in an open directory, and never at what a link leads to.
  ///
  /// - Parameter name: its bytes, without a zero.
  public static func status(
    _ name: [UInt8], in directory: Int32, subject: @autoclosure () -> String
  ) throws(SystemError) -> FileStatus {
    var status = stat()
    let name = name.map { CChar(bitPattern: $0) } + [0]
    guard unsafe fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw SystemError(step: "stat", subject: subject(), errno: .current)
    }
    return FileStatus(status)
  }

  /// Whether the path lies on a mount that nobody can write through.
  public static func isOnReadOnlyFileSystem(_ path: String) throws(SystemError) -> Bool {
    var system = statvfs()
    try check("statvfs", path) { unsafe statvfs(path, &system) }
    return Int32(system.f_flag) & Int32(ST_RDONLY) != 0
  }

  /// Whether the name resolves. Any error counts as no: use `status` where the reason matters.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe fstatat(AT_FDCWD, path, &status, 0) == 0
  }
}
