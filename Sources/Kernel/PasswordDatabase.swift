/// Accounts from `/etc/passwd`.
///
/// Read directly: a static executable cannot load the C library's name service modules, so an
/// account that only LDAP or systemd-homed knows is not found.
public struct PasswordDatabase: Sendable {
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let uid: UInt32
    public let gid: UInt32
    public let home: String
  }

  public let entries: [Entry]

  /// Lines that are not seven fields with numbers where they belong are passed over, as the C
  /// library does.
  public init(text: String) {
    entries = text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count == 7, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) else {
        return nil
      }
      return Entry(name: String(fields[0]), uid: uid, gid: gid, home: String(fields[5]))
    }
  }

  public static func system() throws(SystemError) -> PasswordDatabase {
    let bytes = try Files.read("/etc/passwd", limit: 16 << 20)
    return PasswordDatabase(text: String(decoding: bytes, as: UTF8.self))
  }

  public func entry(uid: UInt32) -> Entry? { entries.first { $0.uid == uid } }
  public func entry(name: String) -> Entry? {
    entries.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
