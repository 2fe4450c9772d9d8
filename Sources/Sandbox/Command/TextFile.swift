/// Small files that name versions and settings.
enum TextFile {
  /// The words of a file, without `#` comments; none where it cannot be read or is not small.
  static func words(_ path: String) -> [String] {
    lines(path).flatMap { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }

  static func lines(_ path: String) -> [String] {
    guard let bytes = Look.contents(path, limit: 65_536) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map(String.init)
  }

  /// `key = value`, as in pyvenv.cfg.
  static func value(of key: String, in path: String) -> String? {
    for line in lines(path) {
      let parts = line.split(separator: "=", maxSplits: 1).map { trimmed(String($0)) }
      if parts.count == 2, parts[0] == key { return parts[1] }
    }
    return nil
  }

  static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
