import JSON
import Manifest

/// JSON for stdout, which may be a terminal: what would reorder or hide text is escaped, by the
/// rules of `Rendering`. JSON's
/// own rules escape the ASCII controls only.
enum TerminalSafeJSON {
  /// The written document on a line of its own. Outside strings it is ASCII without controls, so
  /// what is escaped here stands inside a string, and every value stays the same.
  static func line(_ writer: JSONWriter) -> [UInt8] {
    let document = writer.bytes + [UInt8(ascii: "\n")]
    guard document.contains(where: { $0 >= 0x7F }) else { return document }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(document.count)
    for scalar in String(decoding: document, as: UTF8.self).unicodeScalars {
      if scalar.value >= 0x7F, !Rendering.isShown(scalar) {
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
