/// A server's name on the command line: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
///
/// It becomes a file's name in the stores, so nothing else is let through.
public enum ServerName {
  public static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 64 else {
      return false
    }
    return name.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
  }

  static func checked(_ name: String) throws(CommandError) -> String {
    guard isValid(name) else {
      throw CommandError(
        .usage, "'\(name)' can't be a server's name",
        hint: "a name is up to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit")
    }
    return name
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
