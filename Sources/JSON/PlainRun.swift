extension ByteView {
  /// The offset of the first byte at or after `start` that is not plain: a quote, a backslash, a
  /// control character or a byte of a longer UTF-8 sequence; `end` when all are plain.
  ///
  /// Eight bytes at a time. Subtracting from a byte that is too small borrows from the next one, so
  /// a marked byte may be followed by false marks but never preceded by one: the lowest mark is true.
  @inline(__always)
  func plainRun(from start: Int, to end: Int) -> Int {
    var offset = start
    // Most strings are short: two words one by one, then four at a time.
    for _ in 0..<2 where offset &+ 8 <= end {
      let marks = Self.marks(word(at: offset))
      if marks != 0 { return offset &+ marks.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    while offset &+ 32 <= end {
      let first = Self.marks(word(at: offset))
      let second = Self.marks(word(at: offset &+ 8))
      let third = Self.marks(word(at: offset &+ 16))
      let fourth = Self.marks(word(at: offset &+ 24))
      if first | second | third | fourth != 0 {
        if first != 0 { return offset &+ first.trailingZeroBitCount / 8 }
        if second != 0 { return offset &+ 8 &+ second.trailingZeroBitCount / 8 }
        if third != 0 { return offset &+ 16 &+ third.trailingZeroBitCount / 8 }
        return offset &+ 24 &+ fourth.trailingZeroBitCount / 8
      }
      offset &+= 32
    }
    while offset &+ 8 <= end {
      let marks = Self.marks(word(at: offset))
      if marks != 0 { return offset &+ marks.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    while offset < end {
      let byte = self[offset]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { return offset }
      offset &+= 1
    }
    return end
  }

  @inline(__always)
  private static func marks(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let zeros = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
    let controls = (word &- (ones &* 0x20)) & ~word
    return (zeros | controls | word) & (ones &* 0x80)
  }
}
