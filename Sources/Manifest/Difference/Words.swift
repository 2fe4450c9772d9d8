/// Cuts text into words, stretches of white space and single other characters.
enum Words {
  static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var words: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let kind = Kind(bytes[start])
      var end = start + 1
      while kind != .other, end < bytes.count, Kind(bytes[end]) == kind { end += 1 }
      words.append(bytes[start..<end])
      start = end
    }
    return words
  }

  static func isSpace(_ byte: UInt8) -> Bool { Kind(byte) == .space }

  static func isWord(_ byte: UInt8) -> Bool { Kind(byte) == .word }

  private enum Kind {
    /// All of a character outside ASCII is in one word.
    case word, space, other

    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
        self = .word
      case 0x20, 0x09, 0x0A, 0x0D: self = .space
      default: self = .other
      }
    }
  }
}
