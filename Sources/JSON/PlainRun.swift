extension ByteView {
  /// The offset of the first byte at or after `start` that is not plain: a quote, a backslash, a
  /// control character or a byte of a longer UTF-8 sequence; `end` when all are plain.
  @inline(__always)
  func plainRun(from start: Int, to end: Int) -> Int {
    var offset = start
    while offset &+ 16 <= end {
      let special = special16(at: offset)
      if special != 0 { return offset &+ special.trailingZeroBitCount }
      offset &+= 16
    }
    while offset < end, !isSpecial(offset) { offset &+= 1 }
    return offset
  }
}
