/// The rule of one line, once more and on its own: written without the scanner's and the rewriter's
/// code, which it judges.
enum SingleLine {
  /// What ends a line to some reader, or is a control character, as it is written in UTF-8, and what
  /// it must become.
  private static let separators: [(bytes: [UInt8], escape: String)] = [
    ([0xC2, 0x85], "\\u0085"), ([0xE2, 0x80, 0xA8], "\\u2028"), ([0xE2, 0x80, 0xA9], "\\u2029"),
  ]

  /// Whether no reader finds the end of a line in these bytes.
  static func holds(_ bytes: [UInt8]) -> Bool {
    bytes == rewritten(bytes)
  }

  /// A valid document on one line, every other byte as it was.
  static func rewritten(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.first {
      if let separator = separators.first(where: { rest.starts(with: $0.bytes) }) {
        output += Array(separator.escape.utf8)
        rest = rest.dropFirst(separator.bytes.count)
      } else {
        // A valid document has none of these in a string.
        output.append(byte < 0x20 ? 0x20 : byte)
        rest = rest.dropFirst()
      }
    }
    return output
  }
}
