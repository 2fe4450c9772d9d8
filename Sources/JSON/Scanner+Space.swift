extension Scanner {
  /// Passes over white space, and over comments where the dialect has them.
  @inline(__always)
  mutating func skipSpace() throws(JSONError) {
    while at < end {
      let byte = bytes[at]
      if byte > Ascii.space && byte != Ascii.slash { return }
      switch byte {
      case Ascii.space:
        at &+= 1
      case Ascii.tab, Ascii.newline, Ascii.carriageReturn:
        isOneLine = false
        at &+= 1
      case Ascii.slash where dialect == .commented:
        try comment()
      default:
        return
      }
    }
  }

  private mutating func comment() throws(JSONError) {
    let start = at
    guard at &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
    let closing = bytes[at &+ 1]
    guard closing == Ascii.slash || closing == Ascii.asterisk else {
      throw JSONError(.unexpectedByte, at: start)
    }
    at &+= 2
    while at < end {
      switch bytes[at] {
      case Ascii.newline where closing == Ascii.slash:
        return
      case Ascii.asterisk where closing == Ascii.asterisk && at &+ 1 < end:
        at &+= 1
        if bytes[at] == Ascii.slash {
          at &+= 1
          return
        }
      case Ascii.tab, Ascii.newline, Ascii.carriageReturn:
        at &+= 1
      case 0..<0x20, 0x7F:
        throw JSONError(.controlCharacter, at: at)
      case 0x80...:
        try beyondASCII()
      default:
        at &+= 1
      }
    }
    guard closing == Ascii.slash else { throw JSONError(.unexpectedEnd, at: end) }
  }
}
