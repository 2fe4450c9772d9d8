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
    var random = RandomDocuments(seed: seed)
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
