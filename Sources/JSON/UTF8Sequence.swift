extension ByteView {
  /// The length of the well-formed UTF-8 sequence at `offset`, which does not start with an ASCII
  /// byte; nil where Unicode's table 3-7 has none (overlong forms, surrogates, above U+10FFFF, cut).
  @inline(__always)
  func sequenceLength(at offset: Int, end: Int) -> Int? {
    let lead = self[offset]
    switch lead {
    case 0xC2...0xDF:
      guard offset &+ 2 <= end, isContinuation(offset &+ 1) else { return nil }
      return 2
    case 0xE0...0xEF:
      guard offset &+ 3 <= end, isContinuation(offset &+ 1), isContinuation(offset &+ 2) else {
        return nil
      }
      let second = self[offset &+ 1]
      if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F { return nil }
      return 3
    case 0xF0...0xF4:
      guard offset &+ 4 <= end, isContinuation(offset &+ 1), isContinuation(offset &+ 2),
        isContinuation(offset &+ 3)
      else { return nil }
      let second = self[offset &+ 1]
      if lead == 0xF0 && second < 0x90 || lead == 0xF4 && second > 0x8F { return nil }
      return 4
    default:
      return nil
    }
  }

  /// The code point when the sequence at `offset` is U+0085, U+2028 or U+2029: valid in a JSON string,
  /// but the end of a line to some readers.
  @inline(__always)
  func lineSeparator(at offset: Int, length: Int) -> UInt16? {
    if length == 2 {
      return self[offset] == 0xC2 && self[offset &+ 1] == 0x85 ? 0x0085 : nil
    }
    guard length == 3, self[offset] == 0xE2, self[offset &+ 1] == 0x80 else { return nil }
    switch self[offset &+ 2] {
    case 0xA8: return 0x2028
    case 0xA9: return 0x2029
    default: return nil
    }
  }

  @inline(__always)
  private func isContinuation(_ offset: Int) -> Bool {
    self[offset] & 0xC0 == 0x80
  }
}
