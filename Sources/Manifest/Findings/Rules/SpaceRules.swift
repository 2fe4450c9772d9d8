/// Text that stands where nobody looks: behind so much white space that it is out of sight, or in
/// so much text that nobody reads it.
enum SpaceRules {
  private static let blanks = 40
  private static let lines = 6
  private static let longText = 8 << 10

  static func find(in text: FoldedText, _ marks: inout Marks) {
    let bytes = text.bytes
    var index = 0
    var hasText = false
    while index < bytes.count {
      let start = index
      var feeds = 0
      while index < bytes.count, [0x20, 0x09, 0x0A].contains(bytes[index]) {
        if bytes[index] == 0x0A { feeds += 1 }
        index += 1
      }
      let isLong = feeds >= lines || (feeds == 0 && index - start >= blanks) || index - start >= 200
      if isLong, hasText, index < bytes.count {
        marks.add(
          .hiddenBySpace, text.original(index..<(index + 1)),
          "goes on after \(index - start) characters of white space")
      }
      while index < bytes.count, ![0x20, 0x09, 0x0A].contains(bytes[index]) {
        hasText = true
        index += 1
      }
    }
    if bytes.count > longText {
      marks.add(
        .longText, 0..<1, "is a text of \(text.words.count) words, more than anyone reads")
    }
  }
}
