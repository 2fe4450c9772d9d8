extension Scanner {
  /// Reads a string whose opening quote is at `start`; returns the offset past its closing one.
  @inline(__always)
  mutating func string(_ start: Int) throws(JSONError) -> (end: Int, hasEscapes: Bool) {
    var at = start &+ 1
    var hasEscapes = false
    while true {
      at = bytes.plainRun(from: at, to: end)
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      switch bytes[at] {
      case Ascii.quote:
        return (at &+ 1, hasEscapes)
      case Ascii.backslash:
        hasEscapes = true
        at = try escape(at)
      case 0..<0x20:
        throw JSONError(.controlCharacter, at: at)
      default:
        at = try beyondASCII(at)
      }
    }
  }

  /// Passes over a run of sequences of two bytes and more.
  @inline(never)
  mutating func beyondASCII(_ start: Int) throws(JSONError) -> Int {
    var at = start
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
    return at
  }

  @inline(__always)
  private func escape(_ at: Int) throws(JSONError) -> Int {
    guard at &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    switch bytes[at &+ 1] {
    case Ascii.quote, Ascii.backslash, Ascii.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return at &+ 2
    case UInt8(ascii: "u"):
      return try codePoint(at)
    default:
      throw JSONError(.invalidEscape, at: at)
    }
  }

  /// A `\uXXXX`, or two of them that make a surrogate pair. Half a pair is no Unicode text: readers
  /// differ in what they make of it, so it is refused.
  @inline(never)
  private func codePoint(_ at: Int) throws(JSONError) -> Int {
    let first = try codeUnit(at)
    guard first & 0xF800 == 0xD800 else { return at &+ 6 }
    let next = at &+ 6
    guard first < 0xDC00, next &+ 1 < end, bytes[next] == Ascii.backslash,
      bytes[next &+ 1] == UInt8(ascii: "u")
    else { throw JSONError(.loneSurrogate, at: at) }
    guard try codeUnit(next) & 0xFC00 == 0xDC00 else { throw JSONError(.loneSurrogate, at: at) }
    return next &+ 6
  }

  private func codeUnit(_ at: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for offset in (at &+ 2)..<(at &+ 6) {
      guard offset < end else { throw JSONError(.unexpectedEnd, at: end) }
      guard let digit = Ascii.hex(bytes[offset]) else {
        throw JSONError(.invalidEscape, at: at)
      }
      unit = unit << 4 | digit
    }
    return unit
  }
}
