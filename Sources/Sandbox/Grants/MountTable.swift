import Glibc
public import Kernel

/// What is mounted where, as this process sees it (`proc_pid_mountinfo(5)`).
public struct MountTable: Sendable {
  public struct Mount: Equatable, Sendable {
    let id: UInt64
    /// `MAJOR:MINOR` of the file system, the same for all of its mounts.
    let device: String
    /// What of the file system is mounted.
    let root: String
    public let point: String
    public let type: String
  }

  public let mounts: [Mount]

  public init(text: String) {
    mounts = text.split(separator: "\n").compactMap { Self.mount($0) }
  }

  public static func current() throws(SystemError) -> MountTable {
    let bytes = try Files.read("/proc/self/mountinfo", limit: 64 << 20)
    return MountTable(text: String(decoding: bytes, as: UTF8.self))
  }

  /// The mounts strictly below a path, those that others cover included.
  func below(_ path: String) -> [Mount] {
    mounts.filter { Path.isWithin($0.point, path) && !Path.same($0.point, path) }
  }

  /// The mount that a descriptor stands on.
  func mount(under descriptor: borrowing OwnedDescriptor) throws(SystemError) -> Mount {
    let path = descriptor.withRaw { "/proc/self/fdinfo/\($0)" }
    let text = String(decoding: try Files.read(path, limit: 65_536), as: UTF8.self)
    for line in text.split(separator: "\n") where line.hasPrefix("mnt_id:") {
      let number = UInt64(line.dropFirst("mnt_id:".count).drop { $0 == "\t" || $0 == " " })
      if let mount = mounts.last(where: { $0.id == number }) { return mount }
    }
    throw SystemError(step: "find the mount of", subject: path, errno: Errno(ENOENT))
  }

  /// `id parent major:minor root point options [tags] - type source options`
  private static func mount(_ line: Substring) -> Mount? {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 1,
      let id = UInt64(fields[0])
    else { return nil }
    return Mount(
      id: id, device: String(fields[2]), root: plain(fields[3]), point: plain(fields[4]),
      type: String(fields[dash + 1]))
  }

  /// The kernel writes space, tab, line feed and backslash as `\` and three octal digits.
  private static func plain(_ field: Substring) -> String {
    guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
