import JSON
import Testing

/// Tree and outline must accept the same documents and refuse the others for the same reason at the
/// same place, or one of them decides about a message that the other never saw.
@Suite struct OneReadingTests {
  static let seeds = [
    #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"é\u00e9","n":-1.5e+3}}"#,
    #"[{"a":[],"b":{}},[[null,true,false]],"\ud83d\ude00😀\u2028"#,
    "{\"a\":\"\u{2028}\u{85}\",\t\"b\" : [1 ,2\r\n] , \"\\u0061b\":0}",
    #"["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"aaaaaaaaaaaaaaaa",0.10]"#,
  ]

  @Test(arguments: seeds) func agreeOnEveryPrefix(_ seed: String) {
    let source = bytes(seed)
    for count in 0...source.count {
      let cut = Array(source[..<count])
      #expect(treeError(cut) == outlineError(cut), "cut at \(count)")
    }
  }

  @Test(arguments: seeds) func agreeOnEveryChangedByte(_ seed: String) {
    let source = bytes(seed)
    let replacements: [UInt8] = [
      0x00, 0x0A, 0x0D, 0x1F, 0x20, 0x22, 0x2C, 0x30, 0x3A, 0x5B, 0x5C, 0x5D, 0x61, 0x75, 0x7B,
      0x7D,
      0x80, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF5, 0xFF,
    ]
    var disagreements: [String] = []
    for index in source.indices {
      for replacement in replacements {
        var changed = source
        changed[index] = replacement
        if treeError(changed) != outlineError(changed) {
          disagreements.append("\(index): \(replacement)")
        }
      }
    }
    #expect(disagreements.isEmpty)
  }

  @Test func aTreeInARangeIsTheTreeOfThatRange() throws {
    let source = bytes(#"{"a": [1, {"b": "c"}], "d": 2}"#)
    let outline = try JSONOutline.scan(source)
    let range = try #require(outline.members.first).value
    let inner = try unsafe source.withUnsafeBytes { buffer in
      try unsafe JSONReader.parse(buffer, in: range)
    }
    #expect(inner.range == range)
    #expect(inner.array?.last?["b"]?.string == "c")
  }

  @Test func everyNodeStandsWhereItsRangeSays() throws {
    let source = bytes(" {\"k\" : [ \"v\" , -10e2 , {} , [ ] , null, true] } ")
    let root = try JSONReader.parse(source)
    #expect(text(Array(source[root.range])).hasPrefix("{\"k\""))
    let member = try #require(root.object?.first)
    #expect(text(Array(source[member.keyRange])) == "\"k\"")
    let texts = try #require(member.value.array).map { text(Array(source[$0.range])) }
    #expect(texts == ["\"v\"", "-10e2", "{}", "[ ]", "null", "true"])
  }
}
