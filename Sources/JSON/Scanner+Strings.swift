extension Scanner {
  /// Reads a string whose opening quote is at `at`; returns what is between the quotes.
  @inline(__always)
  mutating func string() throws(JSONError) -> (body: Range<Int>, hasEscapes: Bool) {
    let start = at &+ 1
    var hasEscapes = false
    at = start
    while true {
      at = bytes.plainRun(from: at, to: end)
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      switch bytes[at] {
      case Ascii.quote:
        at &+= 1
        return (start..<(at &- 1), hasEscapes)
      case Ascii.backslash:
        hasEscapes = true
        try escape()
      case 0..<0x20:
        throw JSONError(.controlCharacter, at: at)
      default:
        try beyondASCII()
      }
    }
  }

  /// Passes over a run of sequences of two bytes and more.
  mutating func beyondASCII() throws(JSONError) {
    while at < end, bytes[at] >= 0x80 {
      if at &+ 8 <= end {
        // The shapes of two and three bytes whose lead allows every continuation and starts no line
        // separator, in one comparison each.
        let word = bytes.word(at: at)
        let lead = word & 0xFF
        if word & 0xC0C0F0 == 0x8080E0, lead != 0xE0, lead != 0xE2, lead != 0xED {
          at &+= 3
          continue
        }
        if word & 0xC0E0 == 0x80C0, lead >= 0xC3 {
          at &+= 2
          continue
        }
      }
      guard let length = bytes.sequenceLength(at: at, end: end) else {
        throw JSONError(.invalidUTF8, at: at)
      }
      if bytes.lineSeparator(at: at, length: length) != nil { isOneLine = false }
      at &+= length
    }
  }

  @inline(__always)
  private mutating func escape() throws(JSONError) {
    guard at &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    switch bytes[at &+ 1] {
    case Ascii.quote, Ascii.backslash, Ascii.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at &+= 2
    case UInt8(ascii: "u"):
      try codeUnit()
    default:
      throw JSONError(.invalidEscape, at: at)
    }
  }

  /// A `\uXXXX`, or two of them that make a surrogate pair. Half a pair is no Unicode text: readers
  /// differ in what they make of it, so it is refused.
  private mutating func codeUnit() throws(JSONError) {
    let start = at
    let first = try fourDigits()
    guard first & 0xF800 == 0xD800 else { return }
    guard first < 0xDC00, at &+ 1 < end, bytes[at] == Ascii.backslash,
      bytes[at &+ 1] == UInt8(ascii: "u")
    else { throw JSONError(.loneSurrogate, at: start) }
    let second = try fourDigits()
    guard second & 0xFC00 == 0xDC00 else { throw JSONError(.loneSurrogate, at: start) }
  }

  private mutating func fourDigits() throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for offset in (at &+ 2)..<(at &+ 6) {
      guard offset < end else { throw JSONError(.unexpectedEnd, at: end) }
      guard let digit = Ascii.hex(bytes[offset]) else {
        throw JSONError(.invalidEscape, at: at)
      }
      unit = unit << 4 | digit
    }
    at &+= 6
    return unit
  }
}
