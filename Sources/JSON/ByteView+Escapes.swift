extension ByteView {
  /// Reads the escape at `at`; returns the offset past it.
  @inline(__always)
  func escape(_ at: Int, _ end: Int) throws(JSONError) -> Int {
    guard at &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    switch self[at &+ 1] {
    case Ascii.quote, Ascii.backslash, Ascii.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return at &+ 2
    case UInt8(ascii: "u"):
      return try codePoint(at, end)
    default:
      throw JSONError(.invalidEscape, at: at)
    }
  }

  /// A `\uXXXX`, or two of them that make a surrogate pair. Half a pair is no Unicode text: readers
  /// differ in what they make of it, so it is refused.
  @inline(never)
  private func codePoint(_ at: Int, _ end: Int) throws(JSONError) -> Int {
    let first = try codeUnit(at, end)
    guard first & 0xF800 == 0xD800 else { return at &+ 6 }
    let next = at &+ 6
    guard first < 0xDC00, next &+ 1 < end, self[next] == Ascii.backslash,
      self[next &+ 1] == UInt8(ascii: "u")
    else { throw JSONError(.loneSurrogate, at: at) }
    guard try codeUnit(next, end) & 0xFC00 == 0xDC00 else {
      throw JSONError(.loneSurrogate, at: at)
    }
    return next &+ 6
  }

  private func codeUnit(_ at: Int, _ end: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for offset in (at &+ 2)..<(at &+ 6) {
      guard offset < end else { throw JSONError(.unexpectedEnd, at: end) }
      guard let digit = Ascii.hex(self[offset]) else {
        throw JSONError(.invalidEscape, at: at)
      }
      unit = unit << 4 | digit
    }
    return unit
  }
}
