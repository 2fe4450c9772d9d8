package import JSON

/// The rules once more, byte by byte and without a thought for speed: what the scanner is held
/// against.
package struct PlainReader {
  package struct Refusal: Error, Equatable {
    package var reason: JSONError.Reason
    package var offset: Int

    package init(reason: JSONError.Reason, offset: Int) {
      self.reason = reason
      self.offset = offset
    }
  }

  package struct Member: Equatable {
    package var key: [UInt8]
    package var value: Range<Int>

    package init(key: [UInt8], value: Range<Int>) {
      self.key = key
      self.value = value
    }
  }

  package struct Outcome: Equatable {
    package var members: [Member]
    package var elements: [Range<Int>]
    package var isOneLine: Bool

    package init(
      members: [Member] = [], elements: [Range<Int>] = [], isOneLine: Bool = true
    ) {
      self.members = members
      self.elements = elements
      self.isOneLine = isOneLine
    }
  }

  private let bytes: [UInt8]
  private let end: Int
  private var at: Int
  private var depth = 0
  private var outcome = Outcome()

  package static func read(
    _ bytes: [UInt8], in range: Range<Int>? = nil
  ) -> Result<Outcome, Refusal> {
    let range = range ?? 0..<bytes.count
    var reader = PlainReader(bytes: bytes, end: range.upperBound, at: range.lowerBound)
    do throws(Refusal) {
      if reader.bytes[range].starts(with: [0xEF, 0xBB, 0xBF]) {
        throw Refusal(reason: .byteOrderMark, offset: reader.at)
      }
      reader.skipSpace()
      try reader.value()
      reader.skipSpace()
      guard reader.at == reader.end else {
        throw Refusal(reason: .trailingContent, offset: reader.at)
      }
      return .success(reader.outcome)
    } catch {
      return .failure(error)
    }
  }

  private init(bytes: [UInt8], end: Int, at: Int) {
    self.bytes = bytes
    self.end = end
    self.at = at
  }

  private var byte: UInt8? { at < end ? bytes[at] : nil }

  private var isDigit: Bool { byte.map { (0x30...0x39).contains($0) } ?? false }

  private func unexpected() -> Refusal {
    guard let byte else { return Refusal(reason: .unexpectedEnd, offset: at) }
    let reason: JSONError.Reason =
      byte < 0x20
      ? .controlCharacter : byte >= 0x80 && sequence() == nil ? .invalidUTF8 : .unexpectedByte
    return Refusal(reason: reason, offset: at)
  }

  private mutating func skipSpace() {
    while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) {
      if byte != 0x20 { outcome.isOneLine = false }
      at += 1
    }
  }

  private mutating func value() throws(Refusal) {
    switch byte {
    case UInt8(ascii: "{"): try object()
    case UInt8(ascii: "["): try array()
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"): try number()
    default:
      guard isDigit else { throw unexpected() }
      try number()
    }
  }

  private mutating func open() throws(Refusal) {
    guard depth < 128 else { throw Refusal(reason: .tooDeep, offset: at) }
    depth += 1
    at += 1
    skipSpace()
  }

  private mutating func object() throws(Refusal) {
    try open()
    var keys: Set<[UInt8]> = []
    if byte != UInt8(ascii: "}") {
      while true {
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw unexpected() }
        let start = at
        let key = try string()
        guard keys.insert(key).inserted else {
          throw Refusal(reason: .duplicateKey, offset: start)
        }
        skipSpace()
        guard byte == UInt8(ascii: ":") else { throw unexpected() }
        at += 1
        skipSpace()
        let first = at
        try value()
        if depth == 1 { outcome.members.append(Member(key: key, value: first..<at)) }
        skipSpace()
        guard byte == UInt8(ascii: ",") else { break }
        at += 1
      }
      guard byte == UInt8(ascii: "}") else { throw unexpected() }
    }
    at += 1
    depth -= 1
  }

  private mutating func array() throws(Refusal) {
    try open()
    if byte != UInt8(ascii: "]") {
      while true {
        skipSpace()
        let first = at
        try value()
        if depth == 1 { outcome.elements.append(first..<at) }
        skipSpace()
        guard byte == UInt8(ascii: ",") else { break }
        at += 1
      }
      guard byte == UInt8(ascii: "]") else { throw unexpected() }
    }
    at += 1
    depth -= 1
  }

  private mutating func word(_ word: String) throws(Refusal) {
    for expected in word.utf8 {
      guard byte == expected else { throw unexpected() }
      at += 1
    }
  }

  private mutating func number() throws(Refusal) {
    let start = at
    if byte == UInt8(ascii: "-") { at += 1 }
    if byte == UInt8(ascii: "0") {
      at += 1
      if isDigit {
        throw Refusal(reason: .invalidNumber, offset: start)
      }
    } else {
      try digits(of: start)
    }
    if byte == UInt8(ascii: ".") {
      at += 1
      try digits(of: start)
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      at += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
      try digits(of: start)
    }
    guard at - start <= 1_200 else { throw Refusal(reason: .numberTooLong, offset: start) }
  }

  private mutating func digits(of start: Int) throws(Refusal) {
    guard isDigit else {
      let refusal = unexpected()
      throw refusal.reason == .unexpectedByte
        ? Refusal(reason: .invalidNumber, offset: start) : refusal
    }
    while isDigit { at += 1 }
  }

  /// The text without escapes.
  private mutating func string() throws(Refusal) -> [UInt8] {
    at += 1
    var text: [UInt8] = []
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        return text
      case UInt8(ascii: "\\"):
        text += Array(String(try escape()).utf8)
      case 0..<0x20:
        throw Refusal(reason: .controlCharacter, offset: at)
      case 0x80...:
        guard let sequence = sequence() else {
          throw Refusal(reason: .invalidUTF8, offset: at)
        }
        if ["\u{85}", "\u{2028}", "\u{2029}"].contains(sequence) { outcome.isOneLine = false }
        text += Array(String(sequence).utf8)
        at += String(sequence).utf8.count
      default:
        text.append(byte)
        at += 1
      }
    }
    throw Refusal(reason: .unexpectedEnd, offset: end)
  }

  private mutating func escape() throws(Refusal) -> Unicode.Scalar {
    let start = at
    at += 1
    let plain: [UInt8: Unicode.Scalar] = [
      0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
      0x74: "\t",
    ]
    guard let letter = byte else { throw Refusal(reason: .unexpectedEnd, offset: end) }
    if let scalar = plain[letter] {
      at += 1
      return scalar
    }
    guard letter == UInt8(ascii: "u") else {
      throw Refusal(reason: .invalidEscape, offset: start)
    }
    let first = try codeUnit(start)
    guard (0xD800..<0xE000).contains(first) else {
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let second = at
    guard first < 0xDC00, at + 1 < end, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    else { throw Refusal(reason: .loneSurrogate, offset: start) }
    at += 1
    let low = try codeUnit(second)
    guard (0xDC00..<0xE000).contains(low) else {
      throw Refusal(reason: .loneSurrogate, offset: start)
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + low - 0xDC00) ?? "\u{FFFD}"
  }

  private mutating func codeUnit(_ start: Int) throws(Refusal) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      at += 1
      guard let byte else { throw Refusal(reason: .unexpectedEnd, offset: end) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw Refusal(reason: .invalidEscape, offset: start)
      }
      unit = unit << 4 | UInt32(digit)
    }
    at += 1
    return unit
  }

  /// The character at this place, as the standard library reads it.
  private func sequence() -> Unicode.Scalar? {
    for length in 2...4 where at + length <= end {
      if let text = String(validating: bytes[at..<(at + length)], as: UTF8.self) {
        return text.unicodeScalars.first
      }
    }
    return nil
  }
}
