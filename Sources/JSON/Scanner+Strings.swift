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
        at = try bytes.escape(at, end)
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
}
