extension ByteView {
  /// Reads `true`, `false` or `null`.
  @inline(__always)
  func word(_ expected: StaticString, _ start: Int, _ end: Int) throws(JSONError) -> Int {
    let length = expected.utf8CodeUnitCount
    if start &+ 8 <= end {
      var wanted: UInt64 = 0
      for index in 0..<length {
        // In bounds: the index runs over the literal's own length.
        wanted |= UInt64(unsafe expected.utf8Start[index]) &<< UInt64(8 &* index)
      }
      let rest = word(at: start) ^ wanted
      if rest &<< UInt64(64 &- 8 &* length) == 0 { return start &+ length }
    }
    for index in 0..<length {
      let at = start &+ index
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      // In bounds: the index runs over the literal's own length.
      guard self[at] == (unsafe expected.utf8Start[index]) else {
        throw unexpected(at, end)
      }
    }
    return start &+ length
  }

  /// The refusal of a byte that may not stand at `at`, named for what the byte is, or of the end.
  @inline(never)
  func unexpected(_ at: Int, _ end: Int) -> JSONError {
    guard at < end else { return JSONError(.unexpectedEnd, at: at) }
    let byte = self[at]
    if byte < 0x20 { return JSONError(.controlCharacter, at: at) }
    if byte >= 0x80, sequenceLength(at: at, end: end) == nil {
      return JSONError(.invalidUTF8, at: at)
    }
    return JSONError(.unexpectedByte, at: at)
  }
}
