import JSON
import Testing

@Suite struct OneLineTests {
  @Test(arguments: [
    ("{\"a\":\r{\"b\":\t1},\n\"c\":2}", "{\"a\": {\"b\": 1}, \"c\":2}"),
    ("[\"x\u{2028}y\u{2029}z\u{85}\"]", #"["x\u2028y\u2029z\u0085"]"#),
    ("{\"\u{2028}\":1}", #"{"\u2028":1}"#),
    (#"["\r\n\\","\\\"",1]"#, #"["\r\n\\","\\\"",1]"#),
    ("[\"é😀\u{2027}\"]", "[\"é😀\u{2027}\"]"),
    ("\r\n1\r", "  1 "),
  ]) func rewrites(_ source: String, _ expected: String) throws {
    let rewritten = OneLine.rewrite(bytes(source))
    #expect(text(rewritten) == expected)
    #expect(try JSONOutline.scan(rewritten).isOneLine)
  }

  @Test func meansTheSame() throws {
    let source = bytes("{\"a\u{2028}\":[\r1,\"\u{85}\\u2029\\\\\"],\n\"b\":\"\\\"\u{2029}\"}")
    let before = try JSONCanonical.write(JSONReader.parse(source))
    #expect(try JSONCanonical.write(JSONReader.parse(OneLine.rewrite(source))) == before)
  }
}
