import JSON
import PlainJSON
import Testing

/// The scanner looks at many bytes together; the plain reader never does. They must agree on every
/// document: on what is refused, why and where, and on what the root holds.
@Suite struct PlainReaderTests {
  /// What stands in a string at any distance from the places where a look begins and ends.
  static let pieces: [[UInt8]] =
    [
      #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\n"#, #"\u0041"#, #"\ud83d\ude00"#, #"\ud83d"#, #"\ude00"#,
      #"\ud83d\u0041"#, #"\x"#, #"\u00g0"#, #"\u"#, "\u{1}", "\u{0}", "\u{1F}", "\n", "\r", "\t",
      "\u{7F}", "\"", #"","#, "é", "€", "😀", "\u{85}", "\u{2028}", "\u{2029}", "\u{2027}",
      "\u{FEFF}",
    ].map { bytes($0) }
    + [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE2, 0x80],
      [0xED, 0xA0, 0x80],
      [0xEF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F], [0xF4, 0x90, 0x80, 0x80], [0xF5],
      [0xFF],
    ] + (1...9).map { Array(repeating: UInt8(ascii: "\\"), count: $0) }
    + (3...5).map { Array(repeating: UInt8(ascii: "\\"), count: $0) + bytes("n") }

  @Test(arguments: pieces) func agreesAtEveryDistance(_ piece: [UInt8]) {
    for before in 0...70 {
      for after in [0, 1, 15, 16, 48] {
        let filler = { (count: Int) in Array(repeating: UInt8(ascii: "a"), count: count) }
        agree(bytes("\"") + filler(before) + piece + filler(after) + bytes("\""))
        // After an escape the text is judged in another way.
        agree(bytes(#"[ "\n"#) + filler(before) + piece + filler(after) + bytes("\"]"))
      }
    }
  }

  /// A document inside of others' bytes: nothing behind its end may be taken for a part of it.
  @Test func agreesOnEveryRangeOfALine() {
    let line = bytes(
      #"{"aé":[1.5e3,"x\n","long enough for a look at sixty-four bytes"],"b":null} "#)
    for start in 0..<line.count {
      for end in start...line.count { agree(line, in: start..<end) }
    }
  }

  @Test(arguments: [
    String(repeating: "1", count: 1_200), "-" + String(repeating: "1", count: 1_200), "0", "-0",
    "01", "-", "1.", "1.e", "1e", "1e+", "1e+5", ".5", "12345678", "123456789",
    "1234567.",
    "1234567.12345678e12345678", "9:", "99999999/", "tru", "true", "truex", "nul", "null0", "falsy",
  ]) func agreesOnScalars(_ text: String) {
    for source in [text, "[\(text)]", "[\(text),1]", "{\"a\":\(text)}", "\(text)          "] {
      agree(bytes(source))
    }
  }

  @Test(arguments: 0..<5) func agreesOnGeneratedDocuments(_ seed: UInt64) {
    var random = Random(seed: seed)
    for _ in 0..<1000 {
      var source: [UInt8] = []
      random.value(4, into: &source)
      agree(source)
      for _ in 0..<3 {
        random.damage(&source)
        agree(source)
      }
    }
  }

  /// What was read through an escape stands nowhere in the source as it is meant, so that nothing in
  /// the source may be compared with it.
  @Test(arguments: 0...12) func guessesNoKeyThatWasEscaped(_ length: Int) {
    let letters = String(repeating: "b", count: max(0, length - 1))
    let known = #"[{"\u0061\#(letters)":1},{"\u0061\#(letters)":1},{""#
    for zeros in 0...12 {
      for end in [":1}]", "\":1}]", "\",\":1}]"] {
        agree(Array((known + String(repeating: "\0", count: zeros) + end).utf8))
      }
    }
  }

  private func agree(_ source: [UInt8], in range: Range<Int>? = nil) {
    let expected = PlainReader.read(source, in: range)
    let read: Result<PlainReader.Outcome, PlainReader.Refusal>
    do throws(JSONError) {
      let outline = try JSONOutline.scan(source, in: range)
      let members = unsafe source.withUnsafeBytes { buffer in
        outline.members.map { member in
          PlainReader.Member(
            key: unsafe JSONOutline.key(of: member, in: buffer).utf8, value: member.value)
        }
      }
      read = .success(
        .init(members: members, elements: outline.elements, isOneLine: outline.isOneLine))
    } catch {
      read = .failure(.init(reason: error.reason, offset: error.offset))
    }
    if read != expected {
      let place = range.map { " in \($0)" } ?? ""
      Issue.record("\(text(source).debugDescription)\(place): \(read) instead of \(expected)")
    }
  }
}

/// Documents by chance, but the same ones each time (splitmix64).
private struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Few keys, so that objects repeat them, in and out of order, short and long, with escapes.
  private static let keys = [
    "a", "b", "id", "name", "value", "sevenby", "eightbyt", "ninebytes", "a key of twenty bytes",
    #"\u0061"#, #"na\u006de"#, "", "é",
    "a long key, longer than those that are given a number: sixty-four bytes",
  ]

  mutating func value(_ depth: Int, into output: inout [UInt8]) {
    space(into: &output)
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &self) {
    case 0: output += bytes(["true", "false", "null"].randomElement(using: &self) ?? "")
    case 1, 2:
      let numbers = ["0", "-1", "42", "736.81", "1e9", "-0.5E-3", "123456789012"]
      output += bytes(numbers.randomElement(using: &self) ?? "")
    case 3, 4, 5: string(into: &output)
    case 6, 7: elements(of: "[]", depth, into: &output) { $0.value(depth - 1, into: &$1) }
    default:
      elements(of: "{}", depth, into: &output) { random, output in
        output.append(UInt8(ascii: "\""))
        output += bytes(Random.keys.randomElement(using: &random) ?? "")
        output.append(UInt8(ascii: "\""))
        random.space(into: &output)
        output.append(UInt8(ascii: ":"))
        random.value(depth - 1, into: &output)
      }
    }
    space(into: &output)
  }

  private mutating func elements(
    of brackets: String, _ depth: Int, into output: inout [UInt8],
    _ element: (inout Random, inout [UInt8]) -> Void
  ) {
    let ends = bytes(brackets)
    output.append(ends[0])
    for index in 0..<Int.random(in: 0..<6, using: &self) {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      space(into: &output)
      element(&self, &output)
    }
    space(into: &output)
    output.append(ends[1])
  }

  private mutating func string(into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for _ in 0..<Int.random(in: 0..<4, using: &self) {
      output += Array(
        repeating: UInt8(ascii: "x"), count: Int.random(in: 0..<40, using: &self))
      let pieces = [#"\n"#, #"\""#, #"\\"#, #"\u00e9"#, "é", "中", "😀", "\u{2028}", ""]
      output += bytes(pieces.randomElement(using: &self) ?? "")
    }
    output.append(UInt8(ascii: "\""))
  }

  private mutating func space(into output: inout [UInt8]) {
    guard Int.random(in: 0..<12, using: &self) == 0 else { return }
    output += bytes([" ", "  ", "\t", "\r\n"].randomElement(using: &self) ?? "")
  }

  mutating func damage(_ source: inout [UInt8]) {
    guard !source.isEmpty else { return }
    let at = Int.random(in: 0..<source.count, using: &self)
    let wrong: [UInt8] = [
      0x22, 0x5C, 0x2C, 0x3A, 0x7B, 0x7D, 0x5B, 0x5D, 0x00, 0x0D, 0x80, 0xE2, 0x75,
    ]
    switch Int.random(in: 0..<5, using: &self) {
    case 0: source.remove(at: at)
    case 1: source[at] = wrong.randomElement(using: &self) ?? 0
    case 2: source.insert(wrong.randomElement(using: &self) ?? 0, at: at)
    case 3: source[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
    default: source.removeLast(source.count - at)
    }
  }
}
