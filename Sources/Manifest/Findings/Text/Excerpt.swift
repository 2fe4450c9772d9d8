/// The piece of a text that is quoted with a finding.
enum Excerpt {
  private static let margin = 32
  private static let limit = 160

  /// Whole characters around a range of bytes.
  static func around(_ range: Range<Int>, of text: [UInt8]) -> [UInt8] {
    var start = max(0, range.lowerBound - margin)
    while start > 0, isContinuation(text[start]) { start -= 1 }
    var end = min(text.count, min(range.upperBound, range.lowerBound + limit) + margin)
    while end < text.count, isContinuation(text[end]) { end += 1 }
    return Array(text[start..<max(start, end)])
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
