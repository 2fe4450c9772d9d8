/// Sixty-four bytes whose special ones are known, so that many short strings in them cost one look.
struct StringWindow {
  /// Where it begins; without bits it may be anywhere.
  private var start = 0
  /// A bit for each special byte, the first byte lowest.
  private var marks: UInt64 = 0

  /// The first byte at or after `offset` that is not plain: a quote, a backslash, a control character
  /// or a byte of a longer UTF-8 sequence; the end when all are plain.
  @inline(__always)
  mutating func firstSpecial(from offset: Int, in bytes: ByteView) -> Int {
    let known = UInt(bitPattern: offset &- start)
    if known < 64 {
      let rest = marks &>> UInt64(known)
      if rest != 0 { return offset &+ rest.trailingZeroBitCount }
    }
    return search(offset, bytes)
  }

  @inline(never)
  private mutating func search(_ offset: Int, _ bytes: ByteView) -> Int {
    start = offset
    while bytes.count &- start >= 64 {
      marks = bytes.special64(at: start)
      if marks != 0 { return start &+ marks.trailingZeroBitCount }
      start &+= 64
    }
    marks = lastMarks(bytes)
    return start &+ marks.trailingZeroBitCount
  }

  /// For fewer than 64 bytes before the end, which counts as special itself.
  private func lastMarks(_ bytes: ByteView) -> UInt64 {
    let count = bytes.count &- start
    var marks: UInt64 = 1 &<< UInt64(count)
    var at = 0
    while count &- at >= 16 {
      marks |= bytes.special16(at: start &+ at) &<< UInt64(at)
      at &+= 16
    }
    let rest = count &- at
    if rest > 0, bytes.count >= 16 {
      // The last sixteen bytes, without those of them that were looked at.
      let last = bytes.special16(at: bytes.count &- 16) &>> UInt64(16 &- rest)
      marks |= last &<< UInt64(at)
    } else {
      for index in at..<count where bytes.isSpecial(start &+ index) {
        marks |= 1 &<< UInt64(index)
      }
    }
    return marks
  }
}

extension ByteView {
  @inline(__always)
  func isSpecial(_ offset: Int) -> Bool {
    let byte = self[offset]
    return byte < 0x20 || byte >= 0x80 || byte == Ascii.quote || byte == Ascii.backslash
  }
}
