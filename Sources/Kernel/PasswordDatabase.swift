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

  private let text: [UInt8]

  /// Lines that are not seven fields with numbers where they belong are passed over, as the C
  /// library does.
  public init(text: String) {
    self.text = Array(text.utf8)
  }

  private init(bytes: [UInt8]) {
    text = bytes
  }

  public static func system() throws(SystemError) -> PasswordDatabase {
    PasswordDatabase(bytes: try Files.read("/etc/passwd", limit: 16 << 20))
  }

  public var entries: [Entry] { lines.compactMap { $0.entry } }

  public func entry(uid: UInt32) -> Entry? { lines.first { $0.uid == uid }?.entry }

  public func entry(name: String) -> Entry? {
    lines.first { $0.name.elementsEqual(name.utf8) }?.entry
  }

  private var lines: some Sequence<Line> {
    text.split(separator: UInt8(ascii: "\n")).lazy.compactMap(Line.init)
  }

  /// A line whose numbers are read and whose words are not made strings yet.
  private struct Line {
    let fields: [ArraySlice<UInt8>]
    let uid: UInt32
    let gid: UInt32

    init?(_ line: ArraySlice<UInt8>) {
      fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard fields.count == 7, let uid = Self.number(fields[2]), let gid = Self.number(fields[3])
      else { return nil }
      self.uid = uid
      self.gid = gid
    }

    var name: ArraySlice<UInt8> { fields[0] }

    var entry: Entry {
      Entry(
        name: String(decoding: name, as: UTF8.self), uid: uid, gid: gid,
        home: String(decoding: fields[5], as: UTF8.self))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
      UInt32(String(decoding: digits, as: UTF8.self))
    }
  }
}
