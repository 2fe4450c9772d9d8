/// Writes strings with the escapes that RFC 8785 prescribes.
enum StringWriting {
  /// With `escapingLineSeparators`, U+0085, U+2028 and U+2029 are escaped too, so that the
  /// output is one line for every reader. What is not UTF-8 becomes U+FFFD.
  static func write(
    _ string: JSONString, escapingLineSeparators: Bool, to output: inout [UInt8]
  ) {
    // Piece by piece into memory of its own, which costs less than an array that is asked each time
    // who else has it.
    var text = OwnedBytes()
    text.append(Ascii.quote)
    unsafe string.utf8.withUnsafeBytes { buffer in
      let bytes = unsafe ByteView(buffer)
      var at = 0
      while at < bytes.count {
        let run = bytes.plainRun(from: at, to: bytes.count)
        text.append(at..<run, of: bytes)
        at = run
        guard at < bytes.count else { break }
        if bytes[at] < 0x80 {
          escape(bytes[at], to: &text)
          at += 1
        } else if let length = bytes.sequenceLength(at: at, end: bytes.count) {
          if escapingLineSeparators, let unit = bytes.lineSeparator(at: at, length: length) {
            writeUnit(unit, to: &text)
          } else {
            text.append(at..<(at + length), of: bytes)
          }
          at += length
        } else {
          for byte: UInt8 in [0xEF, 0xBF, 0xBD] { text.append(byte) }
          at += 1
        }
      }
    }
    text.append(Ascii.quote)
    unsafe text.withBytes { unsafe output.append(contentsOf: $0) }
  }

  static func writeUnit(_ unit: UInt16, to output: inout [UInt8]) {
    var text = OwnedBytes()
    writeUnit(unit, to: &text)
    unsafe text.withBytes { unsafe output.append(contentsOf: $0) }
  }

  private static func writeUnit(_ unit: UInt16, to output: inout OwnedBytes) {
    output.append(Ascii.backslash)
    output.append(UInt8(ascii: "u"))
    for shift: UInt16 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
      output.append(digit < 10 ? Ascii.zero + digit : 0x57 + digit)
    }
  }

  private static func escape(_ byte: UInt8, to output: inout OwnedBytes) {
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
    output.append(Ascii.backslash)
    output.append(letter)
  }
}
