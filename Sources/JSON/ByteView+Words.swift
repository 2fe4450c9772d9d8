extension ByteView {
  /// Reads `true`, `false` or `null`.
  @inline(__always)
  func word(_ expected: StaticString, _ start: Int, _ end: Int) throws(JSONError) -> Int {
    for index in 0..<expected.utf8CodeUnitCount {
      let at = start &+ index
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      // In bounds: the index runs over the literal's own length.
      guard self[at] == (unsafe expected.utf8Start[index]) else {
        throw unexpected(at, end)
      }
    }
    return start &+ expected.utf8CodeUnitCount
  }

  /// The refusal of a byte that may not stand at `at`, named for what the byte is.
  func unexpected(_ at: Int, _ end: Int) -> JSONError {
    let byte = self[at]
    if byte < 0x20 { return JSONError(.controlCharacter, at: at) }
    if byte >= 0x80, sequenceLength(at: at, end: end) == nil {
      return JSONError(.invalidUTF8, at: at)
    }
    return JSONError(.unexpectedByte, at: at)
  }
}
