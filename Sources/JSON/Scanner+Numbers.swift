extension Scanner {
  /// Reads a number: `-`, an integer part without leading zeros, a fraction, an exponent.
  @inline(__always)
  func number(_ start: Int) throws(JSONError) -> Int {
    var at = start
    if bytes[at] == Ascii.minus { at &+= 1 }
    if at < end, bytes[at] == Ascii.zero {
      at &+= 1
      guard at == end || !Ascii.isDigit(bytes[at]) else {
        throw JSONError(.invalidNumber, at: start)
      }
    } else {
      at = try digits(at, of: start)
    }
    guard at < end, bytes[at] == Ascii.period || bytes[at] | 0x20 == UInt8(ascii: "e") else {
      return at
    }
    if bytes[at] == Ascii.period { at = try digits(at &+ 1, of: start) }
    if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at &+= 1
      if at < end, bytes[at] == Ascii.plus || bytes[at] == Ascii.minus { at &+= 1 }
      at = try digits(at, of: start)
    }
    return at
  }

  @inline(__always)
  private func digits(_ first: Int, of start: Int) throws(JSONError) -> Int {
    var at = first
    guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
    guard Ascii.isDigit(bytes[at]) else {
      let error = unexpected(bytes[at], at)
      throw error.reason == .unexpectedByte ? JSONError(.invalidNumber, at: start) : error
    }
    repeat { at &+= 1 } while at < end && Ascii.isDigit(bytes[at])
    return at
  }
}
