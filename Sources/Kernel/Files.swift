import CLinux
import Glibc

/// Operations on named files. All descriptors are close-on-exec; all errors name the path.
public enum Files {
  public static func open(
    _ path: String, flags: Int32, mode: UInt32 = 0
  ) throws(SystemError) -> OwnedDescriptor {
    let raw = try check("open", path) { unsafe clinux_open(path, flags, mode) }
    return OwnedDescriptor(owning: raw)
  }

  /// A whole file's bytes.
  ///
  /// - Throws: `EFBIG` where the file holds more than `limit` bytes, `EISDIR` for a directory.
  public static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
    let descriptor = try open(path, flags: O_RDONLY)
    return try read(descriptor, limit: limit, subject: path)
  }

  /// Reads to the end of the file, or of a socket.
  ///
  /// That the other end of a socket has gone without reading all that it was sent (`ECONNRESET`) is its
  /// end too: what it sent itself comes before that.
  public static func read(
    _ descriptor: borrowing OwnedDescriptor, limit: Int, subject: String
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    // Most files are small, and memory that is not needed is not asked for: each page costs a fault.
    var room = 4096
    while true {
      let chunk = try descriptor.withRaw { (raw) throws(SystemError) in
        // The kernel fills as much as it says.
        try unsafe [UInt8](unsafeUninitializedCapacity: room) {
          (memory, count) throws(SystemError) in
          count = try check("read", subject) {
            let count = unsafe Glibc.read(raw, memory.baseAddress, room)
            return count < 0 && Errno.current.code == ECONNRESET ? 0 : count
          }
        }
      }
      if chunk.isEmpty { return bytes }
      if bytes.count + chunk.count > limit {
        throw SystemError(step: "read", subject: subject, errno: Errno(EFBIG))
      }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.count == room { room = min(room * 4, 65_536) }
    }
  }

  /// Writes all bytes, however many calls that takes.
  public static func write(
    _ bytes: [UInt8], to descriptor: borrowing OwnedDescriptor, subject: String
  ) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try descriptor.withRaw { (raw) throws(SystemError) in
        try check("write", subject) {
          unsafe rest.withUnsafeBytes { unsafe Glibc.write(raw, $0.baseAddress, $0.count) }
        }
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Whether a replacement outlives a crash of the machine.
  public enum Durability: Equatable, Sendable {
    case durable
    /// The new bytes are in their place for everybody, but the directory could not be synchronised
    /// with the disk: after a crash the old ones may be back.
    case unknown(SystemError)
  }

  /// Replaces a file so that a reader, or a crash, finds the old bytes or the new ones: temporary
  /// file beside it, fsync, rename, fsync of the directory.
  ///
  /// - Throws: where the old bytes are still in their place.
  @discardableResult
  public static func replace(
    _ path: String, with bytes: [UInt8], mode: UInt32
  ) throws(SystemError) -> Durability {
    try replace(path, with: bytes, mode: mode) { (directory) throws(SystemError) in
      let descriptor = try open(directory, flags: O_RDONLY | O_DIRECTORY)
      try synchronize(descriptor, subject: directory)
    }
  }

  /// - Parameter synchronizeDirectory: makes the directory's names durable.
  static func replace(
    _ path: String, with bytes: [UInt8], mode: UInt32,
    synchronizing synchronizeDirectory: (String) throws(SystemError) -> Void
  ) throws(SystemError) -> Durability {
    let temporary = "\(path).\(getpid()).new"
    do throws(SystemError) {
      let descriptor = try open(
        temporary, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: mode)
      try write(bytes, to: descriptor, subject: temporary)
      try synchronize(descriptor, subject: temporary)
      try rename(temporary, to: path)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    // From here on every reader sees the new bytes: whoever is told of a failure would believe
    // that nothing has changed.
    do throws(SystemError) {
      try synchronizeDirectory(parent(of: path))
      return .durable
    } catch {
      return .unknown(error)
    }
  }

  static func synchronize(
    _ descriptor: borrowing OwnedDescriptor, subject: String
  ) throws(SystemError) {
    _ = try descriptor.withRaw { (raw) throws(SystemError) in
      try check("fsync", subject) { fsync(raw) }
    }
  }

  public static func rename(_ from: String, to: String) throws(SystemError) {
    try check("rename", "\(from) to \(to)") { unsafe Glibc.rename(from, to) }
  }

  /// Removes one name: a file, a link, or an empty directory.
  public static func remove(_ path: String) throws(SystemError) {
    try check("remove", path) { unsafe Glibc.remove(path) }
  }

  /// The path's directory part: `/` for a name directly below it, `.` for a bare name.
  public static func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
