import JSON

/// A JSON string that is safe on a terminal too: what would move the cursor, reorder or hide text
/// is escaped. JSON's own rules escape the ASCII controls only.
enum TerminalSafeJSON {
  static func string(_ text: JSONString) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    for scalar in text.string.unicodeScalars {
      switch scalar {
      case "\"", "\\": bytes += [UInt8(ascii: "\\"), UInt8(scalar.value)]
      case _ where Printable.isDeceiving(scalar) || scalar == "\n" || scalar == "\t":
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] { bytes += escape(unit) }
      default: bytes += Array(String(scalar).utf8)
      }
    }
    return bytes + [UInt8(ascii: "\"")]
  }

  /// A canonical document with the same escapes. Outside strings it is ASCII without controls, so
  /// what is escaped stands inside a string, and the value stays the same.
  static func document(_ canonical: [UInt8]) -> [UInt8] {
    guard canonical.contains(where: { $0 >= 0x7F }) else { return canonical }
    var bytes: [UInt8] = []
    for scalar in String(decoding: canonical, as: UTF8.self).unicodeScalars {
      if Printable.isDeceiving(scalar) {
        for unit in UTF16.encode(scalar).map(Array.init) ?? [] { bytes += escape(unit) }
      } else {
        bytes += Array(String(scalar).utf8)
      }
    }
    return bytes
  }

  private static func escape(_ unit: UInt16) -> [UInt8] {
    let digits = String(unit, radix: 16)
    let padding = String(repeating: "0", count: 4 - digits.count)
    return Array("\\u\(padding)\(digits)".utf8)
  }
}
