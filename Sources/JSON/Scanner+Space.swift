extension Scanner where Sink: ~Copyable {
  /// Passes over white space, and over comments where the dialect has them.
  @inline(__always)
  mutating func skipSpace(_ at: Int) throws(JSONError) -> Int {
    let byte = bytes.byte(at)
    guard byte <= Ascii.space || byte == Ascii.slash else { return at }
    return try space(at)
  }

  /// Passes over white space where something else was looked for: there has to be some.
  @inline(never)
  mutating func needSpace(_ at: Int) throws(JSONError) -> Int {
    let next = try space(at)
    guard next > at else { throw bytes.unexpected(at, end) }
    return next
  }

  @inline(never)
  private mutating func space(_ start: Int) throws(JSONError) -> Int {
    var at = start
    while at < end {
      switch bytes[at] {
      case Ascii.space:
        at &+= 1
      case Ascii.tab, Ascii.newline, Ascii.carriageReturn:
        isOneLine = false
        at &+= 1
      case Ascii.slash where dialect == .commented:
        at = try comment(at)
      default:
        return at
      }
    }
    return at
  }

  private mutating func comment(_ start: Int) throws(JSONError) -> Int {
    guard start &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    let closing = bytes[start &+ 1]
    guard closing == Ascii.slash || closing == Ascii.asterisk else {
      throw JSONError(.unexpectedByte, at: start)
    }
    var at = start &+ 2
    while at < end {
      switch bytes[at] {
      case Ascii.newline where closing == Ascii.slash:
        return at
      case Ascii.asterisk where closing == Ascii.asterisk && at &+ 1 < end:
        at &+= 1
        if bytes[at] == Ascii.slash { return at &+ 1 }
      case Ascii.tab, Ascii.newline, Ascii.carriageReturn:
        at &+= 1
      case 0..<0x20, 0x7F:
        throw JSONError(.controlCharacter, at: at)
      case 0x80...:
        at = try beyondASCII(at)
      default:
        at &+= 1
      }
    }
    guard closing == Ascii.slash else { throw JSONError(.unexpectedEnd, at: end) }
    return at
  }
}
