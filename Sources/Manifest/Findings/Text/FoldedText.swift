/// A text as a careless reader would take it: small letters of ASCII, without what cannot be seen, and
/// with letters that look like others as those.
///
/// Patterns are looked for in it, so that neither `d\u{200B}o not` nor Cyrillic letters hide from them.
struct FoldedText {
  let original: [UInt8]
  let bytes: [UInt8]
  /// Where in the original each byte comes from; empty where each is at its own place.
  private let origins: [Int32]
  let words: [Word]

  /// A word of letters, digits, apostrophes and underscores.
  struct Word {
    let start: Int32
    let end: Int32
    let hash: UInt64

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// Stands for a character that is not like any of ASCII.
  static let other: UInt8 = 0x80

  init(_ original: [UInt8]) {
    self.original = original
    let isPlain = original.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }
    if isPlain {
      bytes = original.map(Letters.small)
      origins = []
    } else {
      var folding = LetterFolding(capacity: original.count)
      folding.fold(original)
      bytes = folding.bytes
      origins = folding.origins
    }
    words = FoldedText.words(in: bytes)
  }

  /// The same place in the original.
  func original(_ range: Range<Int>) -> Range<Int> {
    guard !origins.isEmpty, !range.isEmpty else { return range }
    let start = Int(origins[range.lowerBound])
    return start..<max(start, Int(origins[range.upperBound - 1]) + 1)
  }

  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "'"), 0x80...:
      true
    default: false
    }
  }

  /// FNV-1a. Who finds two words of one value gets a finding too many.
  static func hash(_ word: some Sequence<UInt8>) -> UInt64 {
    word.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private static func words(in bytes: [UInt8]) -> [Word] {
    var words: [Word] = []
    var index = 0
    while index < bytes.count {
      guard isWord(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, isWord(bytes[index]) { index += 1 }
      // Quotation marks are not part of a word.
      var (first, end) = (start, index)
      while first < end, bytes[first] == UInt8(ascii: "'") { first += 1 }
      while end > first, bytes[end - 1] == UInt8(ascii: "'") { end -= 1 }
      guard first < end else { continue }
      words.append(
        Word(start: Int32(first), end: Int32(end), hash: hash(bytes[first..<end])))
    }
    return words
  }
}

/// Folds text that is not all plain ASCII.
private struct LetterFolding {
  private(set) var bytes: [UInt8] = []
  private(set) var origins: [Int32] = []
  private var isInTags = false
  private var escape = Escape.none

  /// A terminal's sequence that sets colours and the like: its letters are no text.
  private enum Escape {
    case none, begun, parameters
  }

  init(capacity: Int) {
    bytes.reserveCapacity(capacity)
    origins.reserveCapacity(capacity)
  }

  mutating func fold(_ original: [UInt8]) {
    var offset: Int32 = 0
    for scalar in String(decoding: original, as: UTF8.self).unicodeScalars {
      if !isSwallowed(scalar), let byte = byte(scalar) {
        let isTag = (0xE0020...0xE007E).contains(scalar.value)
        if isTag != isInTags {
          add(0x20, offset)
          isInTags = isTag
        }
        add(byte, offset)
      }
      offset += Int32(UTF8.width(scalar))
    }
  }

  private mutating func add(_ byte: UInt8, _ offset: Int32) {
    bytes.append(byte)
    origins.append(offset)
  }

  private mutating func isSwallowed(_ scalar: Unicode.Scalar) -> Bool {
    switch (escape, scalar.value) {
    case (_, 0x1B): escape = .begun
    case (.begun, 0x5B): escape = .parameters
    case (.parameters, 0x20...0x3F): break
    case (.parameters, 0x40...0x7E): escape = .none
    default:
      escape = .none
      return false
    }
    return true
  }

  /// Nil for what is left out.
  private func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    let value = scalar.value
    if scalar.isASCII {
      switch value {
      case 0x09, 0x0A: return UInt8(value)
      case 0x0D: return 0x0A
      case ..<0x20, 0x7F: return nil
      default: return Letters.small(UInt8(value))
      }
    }
    if (0xE0020...0xE007E).contains(value) { return Letters.small(UInt8(value - 0xE0000)) }
    if let alike = Confusables.ascii(scalar) { return alike }
    if Confusables.isMark(scalar) || Confusables.isUnseen(scalar) { return nil }
    switch scalar.properties.generalCategory {
    case .spaceSeparator: return 0x20
    case .lineSeparator, .paragraphSeparator: return 0x0A
    case .control, .format: return nil
    default: return value == 0x2800 ? 0x20 : FoldedText.other
    }
  }
}
