/// Text that says something only once it is decoded.
enum EncodingRules {
  static func find(in text: FoldedText, _ marks: inout Marks) {
    blobs(text.original, &marks)
    escapes(text.original, &marks)
  }

  private static func blobs(_ bytes: [UInt8], _ marks: inout Marks) {
    var index = 0
    while index < bytes.count {
      let start = index
      var kinds: (small: Int, large: Int, digits: Int, others: Int) = (0, 0, 0, 0)
      var isHex = true
      while index < bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): kinds.small += 1
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): kinds.large += 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): kinds.digits += 1
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "-"),
          UInt8(ascii: "_"):
          kinds.others += 1
        default:
          kinds.others = -1
        }
        if kinds.others < 0 { break }
        isHex = isHex && Hex.isDigit(bytes[index])
        index += 1
      }
      let length = index - start
      if isHex, length >= 32, kinds.digits >= 4, kinds.small + kinds.large >= 4 {
        marks.add(.encodedBlob, start..<index, "has \(length) hexadecimal digits in a row")
      } else if length >= 40, kinds.small >= 6, kinds.large >= 6, kinds.digits >= 2,
        kinds.others * 6 <= length
      {
        marks.add(
          .encodedBlob, start..<index, "has \(length) characters in a row that look like base64")
      }
      index += 1
    }
  }

  /// `%41`, `\x41`, `\u0041`, `&#65;` and `&#x41;`.
  private static func escapes(_ bytes: [UInt8], _ marks: inout Marks) {
    var index = 0
    var run: (start: Int, count: Int) = (0, 0)
    func end(_ at: Int, _ marks: inout Marks) {
      if run.count >= 4 {
        marks.add(
          .escapedText, run.start..<at, "has \(run.count) characters in a row written as codes")
      }
      run.count = 0
    }
    while index < bytes.count {
      let length = escape(bytes, at: index)
      if length > 0 {
        if run.count == 0 { run.start = index }
        run.count += 1
        index += length
      } else {
        end(index, &marks)
        index += 1
      }
    }
    end(index, &marks)
  }

  private static func escape(_ bytes: [UInt8], at index: Int) -> Int {
    func hex(_ offset: Int, _ count: Int) -> Bool {
      index + offset + count <= bytes.count
        && bytes[(index + offset)..<(index + offset + count)].allSatisfy(Hex.isDigit)
    }
    switch bytes[index] {
    case UInt8(ascii: "%"): return hex(1, 2) ? 3 : 0
    case UInt8(ascii: "\\"):
      guard index + 1 < bytes.count else { return 0 }
      switch bytes[index + 1] {
      case UInt8(ascii: "x"): return hex(2, 2) ? 4 : 0
      case UInt8(ascii: "u"): return hex(2, 4) ? 6 : 0
      default: return 0
      }
    case UInt8(ascii: "&"):
      guard index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "#") else { return 0 }
      let most = min(bytes.count, index + 10)
      guard let end = bytes[index..<most].firstIndex(of: UInt8(ascii: ";")) else { return 0 }
      let digits = bytes[(index + 2)..<end]
      let plain = digits.first == UInt8(ascii: "x") ? digits.dropFirst() : digits
      return !plain.isEmpty && plain.allSatisfy(Hex.isDigit) ? end + 1 - index : 0
    default: return 0
    }
  }

  private enum Hex {
    static func isDigit(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
      default: false
      }
    }
  }
}
