import CLinux

extension Scanner where Sink: ~Copyable {
  /// Reads a string whose opening quote is at `start`; returns the offset past its closing one.
  @inline(__always)
  mutating func string(_ start: Int) throws(JSONError) -> (end: Int, hasEscapes: Bool) {
    let at = window.firstSpecial(from: start &+ 1, in: bytes)
    if bytes.byte(at) == Ascii.quote { return (at &+ 1, false) }
    return try restOfString(at)
  }

  /// A string that is more than plain text, from the first such byte on.
  @inline(never)
  private mutating func restOfString(
    _ start: Int
  ) throws(JSONError) -> (end: Int, hasEscapes: Bool) {
    var at = start
    var hasEscapes = false
    while true {
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      switch bytes[at] {
      case Ascii.quote:
        return (at &+ 1, hasEscapes)
      case Ascii.backslash:
        hasEscapes = true
        at = try escapes(at)
      case 0..<0x20:
        throw JSONError(.controlCharacter, at: at)
      default:
        at = try beyondASCII(at)
      }
      at = window.firstSpecial(from: at, in: bytes)
    }
  }

  /// Passes over the escape at `start` and further ones, together with the plain text between them:
  /// text with escapes has many, and where the next one stands is nothing that a processor can
  /// guess, so sixteen bytes are judged at a time.
  ///
  /// - Returns: an offset up to which all is valid.
  private func escapes(_ start: Int) throws(JSONError) -> Int {
    var at = try bytes.escape(start, end)
    // 1 where the byte at `at` follows a backslash that is not itself escaped.
    var carry: UInt32 = 0
    while at &+ 16 <= end {
      let block = bytes.stringBlock(at: at)
      // In a row of backslashes every second one is escaped, and so is what follows an odd row: the
      // subtraction runs through a row and leaves a bit behind it according to where it began.
      let oddBits: UInt32 = 0xAAAA
      let unescaped = block.backslashes & ~carry
      let codes = ((unescaped << 1 | oddBits) &- unescaped) ^ oddBits
      let escaped = (codes ^ (block.backslashes | carry)) & 0xFFFF
      let stops = block.quotes & ~escaped | block.others | escaped & ~block.letters
      guard stops != 0 else {
        carry = (codes & block.backslashes) >> 15
        at &+= 16
        continue
      }
      let first = stops.trailingZeroBitCount
      guard escaped >> UInt32(truncatingIfNeeded: first) & 1 == 1 else { return at &+ first }
      // A \u, or what is no escape.
      at = try bytes.escape(at &+ first &- 1, end)
      carry = 0
    }
    return at &- Int(carry)
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
}
