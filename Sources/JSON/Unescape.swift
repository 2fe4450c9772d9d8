extension ByteView {
  /// Appends the resolved form of a string's body, which the scanner has already found valid.
  func unescape(_ body: Range<Int>, into output: inout [UInt8]) {
    var at = body.lowerBound
    while at < body.upperBound {
      var run = plainRun(from: at, to: body.upperBound)
      // What is not ASCII is no end of the run.
      while run < body.upperBound, self[run] != Ascii.backslash {
        run = plainRun(from: run &+ 1, to: body.upperBound)
      }
      append(at..<run, to: &output)
      at = run
      guard at &+ 1 < body.upperBound else { return }
      let letter = self[at &+ 1]
      at &+= 2
      switch letter {
      case UInt8(ascii: "b"): output.append(0x08)
      case UInt8(ascii: "f"): output.append(0x0C)
      case UInt8(ascii: "n"): output.append(Ascii.newline)
      case UInt8(ascii: "r"): output.append(Ascii.carriageReturn)
      case UInt8(ascii: "t"): output.append(Ascii.tab)
      case UInt8(ascii: "u"):
        var scalar = UInt32(codeUnit(at: at))
        at &+= 4
        if scalar & 0xFC00 == 0xD800 {
          let low = UInt32(codeUnit(at: at &+ 2))
          scalar = 0x10000 &+ ((scalar &- 0xD800) << 10) &+ (low &- 0xDC00)
          at &+= 6
        }
        Self.append(scalar, to: &output)
      default: output.append(letter)
      }
    }
  }

  /// The resolved string.
  func string(_ body: Range<Int>, hasEscapes: Bool) -> JSONString {
    guard hasEscapes else { return JSONString(utf8: bytes(body)) }
    var output: [UInt8] = []
    output.reserveCapacity(body.count)
    unescape(body, into: &output)
    return JSONString(utf8: output)
  }

  private func codeUnit(at offset: Int) -> UInt16 {
    var unit: UInt16 = 0
    for index in offset..<(offset &+ 4) { unit = unit << 4 | (Ascii.hex(self[index]) ?? 0) }
    return unit
  }

  private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
    let low = UInt8(truncatingIfNeeded: scalar & 0x3F) | 0x80
    switch scalar {
    case 0..<0x80:
      output.append(UInt8(truncatingIfNeeded: scalar))
    case 0x80..<0x800:
      output.append(UInt8(truncatingIfNeeded: scalar >> 6) | 0xC0)
      output.append(low)
    case 0x800..<0x10000:
      output.append(UInt8(truncatingIfNeeded: scalar >> 12) | 0xE0)
      output.append(UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F) | 0x80)
      output.append(low)
    default:
      output.append(UInt8(truncatingIfNeeded: scalar >> 18) | 0xF0)
      output.append(UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F) | 0x80)
      output.append(UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F) | 0x80)
      output.append(low)
    }
  }
}
