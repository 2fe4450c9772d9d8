import JSON
import Testing

@Suite struct WriterTests {
  private func write(_ writer: inout JSONWriter) {
    writer.object { object in
      object.member("a") { $0.int(-1) }
      object.member("b") { list in
        list.array { list in
          list.bool(true)
          list.null()
          list.array { _ in }
          list.raw(bytes("{\"x\":1}"))
        }
      }
      object.member("c") { $0.object { _ in } }
      object.member("d\n") { $0.string("q\"\\\u{1}\u{2028}\u{85}é" as JSONString) }
    }
  }

  @Test func compactIsOneLine() throws {
    var writer = JSONWriter()
    write(&writer)
    #expect(
      text(writer.bytes)
        == #"{"a":-1,"b":[true,null,[],{"x":1}],"c":{},"d\n":"q\"\\\u0001\u2028\u0085é"}"#)
    #expect(try JSONOutline.scan(writer.bytes).isOneLine)
  }

  @Test func prettyIsForPeople() throws {
    var writer = JSONWriter(pretty: true)
    write(&writer)
    let expected = #"""
      {
        "a": -1,
        "b": [
          true,
          null,
          [],
          {"x":1}
        ],
        "c": {},
        "d\n": "q\"\\\u0001\u2028\u0085é"
      }

      """#
    #expect(text(writer.bytes) == expected)
    #expect(treeError(writer.bytes) == nil)
  }

  @Test func whatIsNotUTF8IsRepaired() throws {
    var writer = JSONWriter()
    writer.string(JSONString(utf8: [0x61, 0xFF, 0xE2, 0x80, 0x62]))
    #expect(text(writer.bytes) == "\"a\u{FFFD}\u{FFFD}\u{FFFD}b\"")
    #expect(treeError(writer.bytes) == nil)
  }
}
