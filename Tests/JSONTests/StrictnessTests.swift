import JSON
import Testing

@Suite struct StrictnessTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let source: [UInt8]
    let reason: JSONError.Reason
    let offset: Int

    init(_ name: String, _ source: [UInt8], _ reason: JSONError.Reason, at offset: Int) {
      testDescription = name
      self.source = source
      self.reason = reason
      self.offset = offset
    }
  }

  static let cases = [
    Case("nothing", [], .unexpectedEnd, at: 0),
    Case("white space alone", bytes(" \t"), .unexpectedEnd, at: 2),
    Case("byte order mark", [0xEF, 0xBB, 0xBF, 0x31], .byteOrderMark, at: 0),
    Case("two documents on a line", bytes("{} {}"), .trailingContent, at: 3),
    Case("raw NUL in a string", bytes("[\"a\0\"]"), .controlCharacter, at: 3),
    Case("raw NUL between tokens", bytes("[\0]"), .controlCharacter, at: 1),
    Case("raw tab in a string", bytes("\"\t\""), .controlCharacter, at: 1),
    Case("raw escape character", bytes("\"\u{1B}\""), .controlCharacter, at: 1),
    Case("form feed between tokens", bytes("[\u{C}]"), .controlCharacter, at: 1),
    Case("lone high surrogate", bytes(#"["\ud800"]"#), .loneSurrogate, at: 2),
    Case("lone low surrogate", bytes(#"["\udc00"]"#), .loneSurrogate, at: 2),
    Case("two high surrogates", bytes(#"["\ud800\ud800"]"#), .loneSurrogate, at: 2),
    Case("lone surrogate in a key", bytes(#"{"\ud800":1}"#), .loneSurrogate, at: 2),
    Case("surrogate as UTF-8", [0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("above U+10FFFF", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, at: 1),
    Case("overlong slash", [0x22, 0xC0, 0xAF, 0x22], .invalidUTF8, at: 1),
    Case("trailing comma", bytes("[1,]"), .unexpectedByte, at: 3),
    Case("comment", bytes("[1/**/]"), .unexpectedByte, at: 2),
    Case("leading zero", bytes("[01]"), .invalidNumber, at: 1),
    Case("NaN", bytes("[NaN]"), .unexpectedByte, at: 1),
    Case("no-break space", bytes("[\u{A0}1]"), .unexpectedByte, at: 1),
    Case("U+2028 between tokens", bytes("[\u{2028}1]"), .unexpectedByte, at: 1),
  ]

  @Test(arguments: cases) func refuses(_ test: Case) {
    #expect(treeError(test.source)?.reason == test.reason)
    #expect(treeError(test.source)?.offset == test.offset)
    #expect(outlineError(test.source) == treeError(test.source))
  }

  @Test func anEscapedNULIsText() throws {
    #expect(try JSONReader.parse(bytes(#""\u0000""#)).string?.utf8 == [0])
  }

  @Test func stringsAreNotNormalised() throws {
    let composed = try JSONReader.parse(bytes(#""\u00e9""#)).string
    let decomposed = try JSONReader.parse(bytes(#""e\u0301""#)).string
    #expect(composed != decomposed)
    #expect(composed?.string == decomposed?.string)
  }

  @Test func escapesResolve() throws {
    let parsed = try JSONReader.parse(bytes(#""\"\\\/\b\f\n\r\t\u00e9\u20ac\ud83d\ude00x""#))
    #expect(parsed.string == JSONString("\"\\/\u{8}\u{C}\n\r\té€😀x"))
  }

  @Test(arguments: ["[", "{\"a\":"]) func depth(_ opening: String) {
    let closing = opening == "[" ? "]" : "}"
    func nested(_ depth: Int) -> [UInt8] {
      bytes(
        String(repeating: opening, count: depth) + "0" + String(repeating: closing, count: depth))
    }
    #expect(treeError(nested(128)) == nil)
    #expect(outlineError(nested(128)) == nil)
    let offset = 128 * opening.utf8.count
    #expect(treeError(nested(129)) == outlineError(nested(129)))
    #expect(treeError(nested(129))?.reason == .tooDeep)
    #expect(treeError(nested(129))?.offset == offset)
    #expect(treeError(nested(100_000))?.reason == .tooDeep)
  }

  @Test func limitsCanBeTightenedButDepthNotLoosened() {
    var limits = JSONLimits(size: 10)
    limits.depth = 2
    #expect(treeError(bytes("[[0]]"), limits) == nil)
    #expect(outlineError(bytes("[[[0]]]"), limits)?.reason == .tooDeep)
    #expect(treeError(bytes("[0,0,0,0,0]"), limits)?.reason == .tooLarge)
    limits = JSONLimits()
    limits.depth = 100_000
    let deep = bytes(String(repeating: "[", count: 5000))
    #expect(treeError(deep, limits)?.reason == .tooDeep)
    limits.values = 3
    #expect(treeError(bytes("[1,2]"), limits) == nil)
    #expect(treeError(bytes("[1,2,3]"), limits)?.reason == .tooManyValues)
  }

  @Test func positionsCountLinesAndScalars() {
    let source = bytes("{\n  \"é\": x}")
    let error = treeError(source)
    #expect(error?.position(in: source).line == 2)
    #expect(error?.position(in: source).column == 8)
  }
}
