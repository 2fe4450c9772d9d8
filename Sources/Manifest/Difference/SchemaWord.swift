/// Tells the names and types that schemas are made of from sentences in their place.
enum SchemaWord {
  /// Registered formats with more words than other names may have.
  private static let known = ["relative-json-pointer"]
  private static let dialects = ["http://json-schema.org/", "https://json-schema.org/"]
  /// Parts of a reference that say where it leads to.
  private static let places = ["$defs", "definitions", "properties", "items"]
  private static let limit = 64

  /// Whether it is a word or two: three words are a sentence, whatever joins them.
  static func isPlain(_ text: [UInt8]) -> Bool {
    if known.contains(where: { $0.utf8.elementsEqual(text) }) { return true }
    var rest = text[...]
    if let dialect = dialects.first(where: { text.starts(with: $0.utf8) }) {
      rest = rest.dropFirst(dialect.utf8.count)
    }
    guard rest.count <= limit, rest.allSatisfy({ isLetter($0) || isJoint($0) }) else {
      return false
    }
    let words = rest.split(whereSeparator: isJoint).filter { word in
      !word.allSatisfy { (0x30...0x39).contains($0) }
        && !places.contains { $0.utf8.elementsEqual(word) }
    }
    return words.count < 3
  }

  /// Whether a text has space between words, or is longer than any name.
  static func isSentence(_ text: [UInt8]) -> Bool {
    if text.count > 200 { return true }
    return text.split { $0 <= 0x20 }.count > 1 || text.contains { $0 >= 0x80 }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"):
      true
    default: false
    }
  }

  private static func isJoint(_ byte: UInt8) -> Bool { "-_.,/#+".utf8.contains(byte) }
}
