import CLinux
import Glibc

/// Reads directories with the kernel's own call: many names at a time, with inodes and kinds, and
/// no `stat` for any of them.
public struct DirectoryReader: ~Copyable {
  public struct Entry {
    /// As the directory has it: of a mount point the inode below the mount.
    public let inode: UInt64
    /// Nil where the file system does not say.
    public let kind: FileStatus.Kind?
    /// Bytes without a zero and without a slash; never `.` or `..`.
    public let name: ArraySlice<UInt8>
  }

  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// `struct linux_dirent64`: inode and offset of eight bytes each, length, kind, name.
  private static let lengthOffset = 16
  private static let kindOffset = 18
  private static let nameOffset = 19

  public init() {}

  /// Hands over every name of an open directory, in the file system's order.
  public mutating func read(
    _ directory: Int32, subject: @autoclosure () -> String,
    _ each: (Entry) throws(SystemError) -> Void
  ) throws(SystemError) {
    while true {
      let size = buffer.count
      let count = unsafe clinux_read_directory(directory, &buffer, size)
      if count == 0 { return }
      guard count > 0 else {
        throw SystemError(step: "read", subject: subject(), errno: .current)
      }
      var offset = 0
      while offset + Self.nameOffset < count {
        let length =
          Int(buffer[offset + Self.lengthOffset])
          | Int(buffer[offset + Self.lengthOffset + 1]) << 8
        guard length > Self.nameOffset, offset + length <= count else {
          throw SystemError(step: "read", subject: subject(), errno: Errno(EBADMSG))
        }
        let name = buffer[(offset + Self.nameOffset)..<(offset + length)].prefix { $0 != 0 }
        if !Self.isDotOrDotDot(name) {
          let entry = Entry(
            inode: inode(at: offset), kind: Self.kind(buffer[offset + Self.kindOffset]), name: name)
          try each(entry)
        }
        offset += length
      }
    }
  }

  private func inode(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(buffer[offset + $1]) << UInt64(8 * $1) }
  }

  private static func isDotOrDotDot(_ name: ArraySlice<UInt8>) -> Bool {
    name.count <= 2 && name.allSatisfy { $0 == UInt8(ascii: ".") }
  }

  /// `d_type`: the kind's bits of a mode, shifted down.
  private static func kind(_ type: UInt8) -> FileStatus.Kind? {
    switch type {
    case 1: .fifo
    case 2: .characterDevice
    case 4: .directory
    case 6: .blockDevice
    case 8: .regular
    case 10: .symbolicLink
    case 12: .socket
    default: nil
    }
  }
}
