extension ByteView {
  /// Reads a number: `-`, an integer part without leading zeros, a fraction, an exponent.
  @inline(__always)
  func number(_ start: Int, _ end: Int) throws(JSONError) -> Int {
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
      // A digit is below 10 once 0x30 is taken from it; of the bytes that are marked as no digit the
      // lowest is marked truly, as the additions carry upwards only.
      let digits = word(at: at) ^ 0x3030_3030_3030_3030
      let others = (digits &+ 0x7676_7676_7676_7676 | digits) & 0x8080_8080_8080_8080
      if others != 0 { return at &+ others.trailingZeroBitCount &>> 3 }
      at &+= 8
    }
    while at < end && Ascii.isDigit(self[at]) { at &+= 1 }
    return at
  }
}
