extension Scanner {
  /// Reads a number: `-`, an integer part without leading zeros, a fraction, an exponent.
  @inline(__always)
  mutating func number() throws(JSONError) -> Range<Int> {
    let start = at
    if bytes[at] == Ascii.minus { at &+= 1 }
    guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
    if bytes[at] == Ascii.zero {
      at &+= 1
      guard at == end || !Ascii.isDigit(bytes[at]) else {
        throw JSONError(.invalidNumber, at: start)
      }
    } else {
      try digits(from: start)
    }
    if at < end, bytes[at] == Ascii.period {
      at &+= 1
      try digits(from: start)
    }
    if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < end, bytes[at] == Ascii.plus || bytes[at] == Ascii.minus { at &+= 1 }
      try digits(from: start)
    }
    return start..<at
  }

  @inline(__always)
  private mutating func digits(from start: Int) throws(JSONError) {
    guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
    guard Ascii.isDigit(bytes[at]) else {
      let error = unexpected(bytes[at])
      throw error.reason == .unexpectedByte ? JSONError(.invalidNumber, at: start) : error
    }
    repeat { at &+= 1 } while at < end && Ascii.isDigit(bytes[at])
  }
}
