extension ByteView {
  /// Reads a number: `-`, an integer part without leading zeros, a fraction, an exponent.
  @inline(__always)
  func number(_ start: Int, _ end: Int) throws(JSONError) -> Int {
    if let next = shortNumber(start, end) { return next }
    return try longNumber(start, end)
  }

  /// The offset past a number without sign and exponent that ends within eight bytes, as most do; nil
  /// for every other one, and for what is none.
  @inline(__always)
  private func shortNumber(_ start: Int, _ end: Int) -> Int? {
    guard start &+ 8 <= end else { return nil }
    let word = word(at: start)
    let others = Self.others(than: word)
    var length = others.trailingZeroBitCount &>> 3
    guard others != 0, length > 0, length == 1 || word & 0xFF != UInt64(Ascii.zero) else {
      return nil
    }
    var next = UInt8(truncatingIfNeeded: word &>> UInt64(8 &* length))
    if next == Ascii.period {
      // A point carries nothing into the mark behind it.
      let further = others & (others &- 1)
      let point = length
      length = further.trailingZeroBitCount &>> 3
      guard further != 0, length > point &+ 1 else { return nil }
      next = UInt8(truncatingIfNeeded: word &>> UInt64(8 &* length))
    }
    return next | 0x20 == UInt8(ascii: "e") ? nil : start &+ length
  }

  /// The bytes of a word that are no digits, by their highest bits; the lowest is marked truly.
  @inline(__always)
  private static func others(than word: UInt64) -> UInt64 {
    // A digit is below 10 once 0x30 is taken from it; the additions carry upwards only.
    let digits = word ^ 0x3030_3030_3030_3030
    return (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
  }

  @inline(never)
  private func longNumber(_ start: Int, _ end: Int) throws(JSONError) -> Int {
    var at = start
    if self[at] == Ascii.minus { at &+= 1 }
    if at < end, self[at] == Ascii.zero {
      at &+= 1
      guard at == end || !Ascii.isDigit(self[at]) else {
        throw JSONError(.invalidNumber, at: start)
      }
    } else {
      at = try digits(at, of: start, end)
    }
    guard at < end, self[at] == Ascii.period || self[at] | 0x20 == UInt8(ascii: "e") else {
      return at
    }
    if self[at] == Ascii.period { at = try digits(at &+ 1, of: start, end) }
    if at < end, self[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < end, self[at] == Ascii.plus || self[at] == Ascii.minus { at &+= 1 }
      at = try digits(at, of: start, end)
    }
    return at
  }

  @inline(__always)
  private func digits(
    _ first: Int, of start: Int, _ end: Int
  ) throws(JSONError) -> Int {
    var at = first
    guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
    guard Ascii.isDigit(self[at]) else {
      let error = unexpected(at, end)
      throw error.reason == .unexpectedByte ? JSONError(.invalidNumber, at: start) : error
    }
    while at &+ 8 <= end {
      let others = Self.others(than: word(at: at))
      if others != 0 { return at &+ others.trailingZeroBitCount &>> 3 }
      at &+= 8
    }
    while at < end && Ascii.isDigit(self[at]) { at &+= 1 }
    return at
  }
}
