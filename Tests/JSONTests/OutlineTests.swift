import JSON
import Testing

@Suite struct OutlineTests {
  @Test func rootMembersAndTheirKinds() throws {
    let source = bytes(#" {"a":1,"\u0062":"x","c":{"d":{}},"e":[[]],"f":true,"g":null} "#)
    let outline = try JSONOutline.scan(source)
    #expect(outline.kind == .object)
    #expect(outline.range == 1..<(source.count - 1))
    let kinds: [JSONKind] = [.number, .string, .object, .array, .bool, .null]
    #expect(outline.members.map(\.kind) == kinds)
    let values = outline.members.map { text(Array(source[$0.value])) }
    #expect(values == ["1", "\"x\"", "{\"d\":{}}", "[[]]", "true", "null"])
    #expect(outline.members[1].keyHasEscapes)
    #expect(outline.member("b", in: source)?.kind == .string)
    #expect(outline.member("d", in: source) == nil)
  }

  @Test func rootElements() throws {
    let source = bytes(#"[ {"a":[1]}, 2 ,[3] ]"#)
    let outline = try JSONOutline.scan(source)
    #expect(outline.kind == .array)
    #expect(outline.elements.map { text(Array(source[$0])) } == [#"{"a":[1]}"#, "2", "[3]"])
    #expect(outline.members.isEmpty)
  }

  @Test(arguments: [("\"x\"", JSONKind.string), (" 12 ", .number), ("null", .null), ("[]", .array)])
  func scalarsAndEmpty(_ source: String, _ kind: JSONKind) throws {
    let outline = try JSONOutline.scan(bytes(source))
    #expect(outline.kind == kind)
    #expect(outline.members.isEmpty && outline.elements.isEmpty)
  }

  @Test func aPartIsScannedWithoutTheRest() throws {
    let source = bytes(#"{"params":{"name":"x"},broken"#)
    let outline = try JSONOutline.scan(source, in: 10..<22)
    #expect(outline.range == 10..<22)
    #expect(outline.member("name", in: source)?.value == 18..<21)
    #expect(throws: JSONError.self) { try JSONOutline.scan(source, in: 10..<1000) }
  }

  @Test(arguments: [
    ("{\"a\":1 }", true), ("{\"a\":\r1}", false), ("{\"a\":\t1}", false), ("[1\n]", false),
    ("\"\u{2028}\"", false), ("\"\u{2029}\"", false), ("\"\u{85}\"", false),
    ("{\"\u{2028}\":1}", false), ("\"\u{2027}\u{202A}\u{84}\u{86}é\"", true),
    (#""\r\n\u2028\u0085""#, true),
  ]) func tellsWhatIsOneLine(_ source: String, _ isOneLine: Bool) throws {
    #expect(try JSONOutline.scan(bytes(source)).isOneLine == isOneLine)
  }

  @Test(arguments: [
    ("METHOD", true), ("Method", true), ("method", false), ("methods", false), ("metho", false),
    ("m\\u0045thod", true), ("method\\u0000", true), ("Method\\u0000x", true),
    ("\\u0000method", false),
  ]) func lookalikes(_ key: String, _ looksAlike: Bool) throws {
    let source = bytes("{\"\(key)\":1}")
    let outline = try JSONOutline.scan(source)
    let found = unsafe source.withUnsafeBytes { buffer in
      unsafe outline.lookalike(of: "method", in: buffer)
    }
    #expect((found != nil) == looksAlike)
  }

  @Test func lookalikesBeyondASCII() throws {
    let source = bytes("{\"re\u{17F}ult\":1,\"to\u{212A}en\":2,\"\u{131}d\":3,\"L\u{130}ne\":4}")
    let outline = try JSONOutline.scan(source)
    unsafe source.withUnsafeBytes { buffer in
      #expect(unsafe outline.lookalike(of: "result", in: buffer)?.value == 11..<12)
      #expect(unsafe outline.lookalike(of: "token", in: buffer)?.kind == .number)
      #expect(unsafe outline.lookalike(of: "id", in: buffer) != nil)
      #expect(unsafe outline.lookalike(of: "line", in: buffer) != nil)
    }
  }
}
