import JSON
import Manifest
import Testing

@Suite struct RenderingTests {
  @Test(arguments: [
    ("plain text, äöü, 日本, 🙂", "plain text, äöü, 日本, 🙂"),
    ("\u{1b}[2J", "‹U+001B›[2J"),
    ("a\rb\nc\td", "a‹U+000D›b‹U+000A›c‹U+0009›d"),
    ("\u{9b}31m", "‹U+009B›31m"),
    ("\u{7f}", "‹U+007F›"),
    ("abc\u{202e}fed\u{2066}", "abc‹U+202E›fed‹U+2066›"),
    ("a\u{200b}b\u{200d}c\u{feff}", "a‹U+200B›b‹U+200D›c‹U+FEFF›"),
    ("\u{e0041}\u{e007f}", "‹U+E0041›‹U+E007F›"),
    ("x\u{fe0f}\u{e0100}\u{180b}", "x‹U+FE0F›‹U+E0100›‹U+180B›"),
    ("a\u{2028}b\u{2029}", "a‹U+2028›b‹U+2029›"),
    ("so\u{ad}ft", "so‹U+00AD›ft"),
    ("a\u{a0}b\u{3000}c", "a‹U+00A0›b‹U+3000›c"),
    ("\u{115f}\u{3164}\u{ffa0}\u{2800}", "‹U+115F›‹U+3164›‹U+FFA0›‹U+2800›"),
    // Vowels and final consonants of Hangul have no width of their own.
    (
      "ab\u{1161}\u{11ff}c\u{d7b0}\u{d7fb} \u{1100}한",
      "ab‹U+1161›‹U+11FF›c‹U+D7B0›‹U+D7FB› \u{1100}한"
    ),
    ("\u{e000}\u{10fffd}", "‹U+E000›‹U+10FFFD›"),
    ("\u{206a}\u{1d173}", "‹U+206A›‹U+1D173›"),
    // A server cannot write an escape or a mark of ours.
    ("‹U+0041›⟦⟧", "‹U+2039›U+0041‹U+203A›‹U+27E6›‹U+27E7›"),
    // Nor one that passes for it.
    ("❮x❯⟨⟩〚〛", "‹U+276E›x‹U+276F›‹U+27E8›‹U+27E9›‹U+301A›‹U+301B›"),
    ("e\u{301}", "e\u{301}"),
    ("\u{301}x", "‹U+0301›x"),
    // A mark stands on a letter of the server's own, on nothing else.
    (" \u{301}", " ‹U+0301›"),
    ("\u{202e}\u{301}\u{302}", "‹U+202E›‹U+0301›‹U+0302›"),
    ("a\u{20dd}b\u{35c}c\u{336}\u{20d2}", "a‹U+20DD›b‹U+035C›c‹U+0336›‹U+20D2›"),
    // Strong right-to-left letters and digits reorder what stands around them.
    ("a א ب 1", "a ‹U+05D0› ‹U+0628› 1"),
    ("٣ ߊ 𐤀 𞤀 ﷽", "‹U+0663› ‹U+07CA› ‹U+10900› ‹U+1E900› ‹U+FDFD›"),
    ("a                b", "a                b"),
    ("a                 b", "a‹17 spaces›b"),
    ("a\u{fffc}b\u{1d159}", "a‹U+FFFC›b‹U+1D159›"),
    ("👩\u{200d}💻 1\u{fe0f}\u{20e3}", "👩‹U+200D›💻 1‹U+FE0F›‹U+20E3›"),
  ])
  func line(text: String, shown: String) {
    #expect(Array(Rendering.line(text).unicodeScalars) == Array(shown.unicodeScalars))
  }

  /// Cordon's own marks are not drawn over, wherever a stretch of the server's text begins.
  @Test func aMarkNeverStandsOnOnesOfOurs() throws {
    let from = Array(#"{"description":"a (b)","name":"x"}"#.utf8)
    let to = Array("{\"description\":\"a (\u{301}\u{302}\",\"name\":\"x\"}".utf8)
    let difference = try Difference(kind: .tool, from: from, to: to)
    for line in difference.lines(width: 80) {
      for (before, mark) in zip(line.unicodeScalars, line.unicodeScalars.dropFirst()) {
        guard mark.properties.generalCategory == .nonspacingMark else { continue }
        #expect(!"⟦⟧‹› +-".unicodeScalars.contains(before), "\(line)")
      }
    }
  }

  @Test func towersOfMarksAreCut() {
    let shown = Rendering.line("a" + String(repeating: "\u{301}", count: 20))
    #expect(shown.unicodeScalars.filter { $0 == "\u{301}" }.count == 3)
  }

  @Test func badBytesAreShown() {
    #expect(Rendering.line([0x61, 0xFF, 0x62]) == "a‹1 bad byte›b")
    #expect(Rendering.line([0xE2, 0x80]) == "‹2 bad bytes›")
    // A surrogate half and an overlong form.
    #expect(!Rendering.line([0xED, 0xA0, 0x80, 0xC0, 0x9B]).unicodeScalars.contains("\u{1b}"))
  }

  @Test func nothingInvisibleIsLeftOfAnyCharacter() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let interesting =
        value < 0x3100 || (0xE000...0xFFFF).contains(value) || (0xE0000...0xE0FFF).contains(value)
      guard interesting else { continue }
      let shown = Rendering.line("x\(scalar)".utf8)
      let isSame = shown.unicodeScalars.count == 2
      guard isSame else { continue }
      #expect(!scalar.properties.isDefaultIgnorableCodePoint)
      #expect(!scalar.properties.isBidiControl)
      #expect(!scalar.properties.isWhitespace || scalar == " ")
      #expect(scalar.properties.generalCategory != .control)
      #expect(!(0x590...0x8FF).contains(value) && !(0xFB1D...0xFDCF).contains(value))
    }
  }

  @Test func lengthIsBoundedAndSaid() {
    let shown = Rendering.line(String(repeating: "x", count: 5_000), limit: 10)
    #expect(shown == "xxxxxxxxxx ‹cut: 5000 bytes in all›")
    let lines = Rendering.lines(String(repeating: "x\n", count: 5_000).utf8, limit: 4)
    #expect(lines == ["x", "x", "‹cut: 10000 bytes in all›"])
  }

  @Test func linesKeepFeedsAndWidth() {
    #expect(Rendering.lines("one\n\ntwo".utf8) == ["one", "", "two"])
    let lines = Rendering.lines("The quick brown fox jumps over the dog.".utf8, width: 16)
    #expect(lines == ["The quick brown ", "fox jumps over ", "the dog."])
    for line in Rendering.lines(String(repeating: "日", count: 50).utf8, width: 20) {
      #expect(line.unicodeScalars.count <= 10)
    }
    // An escape is not broken up.
    #expect(
      Rendering.lines("aaaaaaaaaaaa\u{202e}".utf8, width: 16) == ["aaaaaaaaaaaa", "‹U+202E›"])
  }

  @Test func emptinessIsCounted() {
    let text = "one" + String(repeating: "\n", count: 5_000) + "two"
    #expect(Rendering.lines(text.utf8) == ["one", "‹4999 empty lines›", "two"])
    #expect(Rendering.lines("a\n \n \n \nb".utf8) == ["a", " ", " ", " ", "b"])
    #expect(Rendering.line(String(repeating: " ", count: 100_000)) == "‹100000 spaces›")
  }

  /// Whatever a terminal draws wide stays in its box, and so do escapes, where the box is narrow.
  @Test(arguments: [16, 20, 31, 70])
  func nothingIsWiderThanItsBox(_ width: Int) {
    let texts = [
      String(repeating: "x", count: 300), String(repeating: "漢", count: 90),
      String(repeating: "👩\u{200d}💻", count: 40), String(repeating: "é", count: 90),
      String(repeating: "e\u{301}\u{302}", count: 90), String(repeating: "\u{10ffff}", count: 20),
      String(repeating: "नि", count: 60), String(repeating: "\u{1160}", count: 30),
    ]
    for text in texts {
      for line in Rendering.lines(text.utf8, width: width) {
        let columns = line.unicodeScalars.reduce(0) { sum, scalar in
          if scalar.isASCII || "‹›".unicodeScalars.contains(scalar) { return sum + 1 }
          if (0x300...0x36F).contains(scalar.value) { return sum }
          let isMark = scalar.properties.generalCategory == .spacingMark
          return sum + (isMark ? 1 : 2)
        }
        #expect(columns <= width, "\(line)")
      }
    }
  }

  @Test func namesAreAsTheCommandsTakeThem() {
    #expect(Rendering.name(ItemKey(.tool, "search")) == "tool:search")
    #expect(Rendering.name(ItemKey(.instructions)) == "instructions")
    #expect(Rendering.name(ItemKey(.tool, "a\u{1b}")) == "tool:a‹U+001B›")
  }
}
