import JSON
import Testing

@Suite struct CommentedTests {
  @Test func commentsAndTrailingCommas() throws {
    let source = bytes(
      """
      // é
      { /* one
           two **/ "a": [1, 2,], // "a": 3
        "b": {"c": "//not a comment",},
      }
      // end
      """)
    let root = try JSONReader.parse(source, dialect: .commented)
    #expect(root["a"]?.array?.count == 2)
    #expect(root["b"]?["c"]?.string == "//not a comment")
    #expect(throws: JSONError.self) { try JSONReader.parse(source) }
  }

  @Test(arguments: [
    ("[,]", JSONError.Reason.unexpectedByte, 1), ("[1,,]", .unexpectedByte, 3),
    ("{,}", .unexpectedByte, 1), ("[1 /* ]", .unexpectedEnd, 7), ("[1] /", .unexpectedEnd, 5),
    ("[1] /x", .unexpectedByte, 4), ("// a\u{1B}\n1", .controlCharacter, 4),
    ("{\"a\":1,\"a\":2,}", .duplicateKey, 7), ("/* only */", .unexpectedEnd, 10),
    ("[1] // ok\n2", .trailingContent, 10), ("/*/1", .unexpectedEnd, 4),
  ]) func refuses(_ source: String, _ reason: JSONError.Reason, _ offset: Int) throws {
    do throws(JSONError) {
      _ = try JSONReader.parse(bytes(source), dialect: .commented)
      Issue.record("accepted")
    } catch {
      #expect(error.reason == reason)
      #expect(error.offset == offset)
    }
  }

  @Test func invalidUTF8InAComment() {
    #expect(throws: JSONError.self) {
      try JSONReader.parse([0x2F, 0x2F, 0xFF, 0x0A, 0x31], dialect: .commented)
    }
  }
}
