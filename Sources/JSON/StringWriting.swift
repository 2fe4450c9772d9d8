/// Writes strings with the escapes that RFC 8785 prescribes.
enum StringWriting {
  /// With `escapingLineSeparators`, U+0085, U+2028 and U+2029 are escaped too, so that the
  /// output is one line for every reader. What is not UTF-8 becomes U+FFFD.
  static func write(
    _ string: JSONString, escapingLineSeparators: Bool, to output: inout [UInt8]
  ) {
    output.append(Ascii.quote)
    unsafe string.utf8.withUnsafeBytes { buffer in
      let bytes = unsafe ByteView(buffer)
      var at = 0
      while at < bytes.count {
        let run = bytes.plainRun(from: at, to: bytes.count)
        bytes.append(at..<run, to: &output)
        at = run
        guard at < bytes.count else { break }
        if bytes[at] < 0x80 {
          escape(bytes[at], to: &output)
          at += 1
        } else if let length = bytes.sequenceLength(at: at, end: bytes.count) {
          if escapingLineSeparators, let unit = bytes.lineSeparator(at: at, length: length) {
            writeUnit(unit, to: &output)
          } else {
            bytes.append(at..<(at + length), to: &output)
          }
          at += length
        } else {
          output += [0xEF, 0xBF, 0xBD]
          at += 1
        }
      }
    }
    output.append(Ascii.quote)
  }

  static func writeUnit(_ unit: UInt16, to output: inout [UInt8]) {
    output += [Ascii.backslash, UInt8(ascii: "u")]
    for shift: UInt16 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
      output.append(digit < 10 ? Ascii.zero + digit : 0x57 + digit)
    }
  }

  private static func escape(_ byte: UInt8, to output: inout [UInt8]) {
    let letter: UInt8
    switch byte {
    case Ascii.quote, Ascii.backslash: letter = byte
    case 0x08: letter = UInt8(ascii: "b")
    case Ascii.tab: letter = UInt8(ascii: "t")
    case Ascii.newline: letter = UInt8(ascii: "n")
    case 0x0C: letter = UInt8(ascii: "f")
    case Ascii.carriageReturn: letter = UInt8(ascii: "r")
    default:
      writeUnit(UInt16(byte), to: &output)
      return
    }
    output += [Ascii.backslash, letter]
  }
}
