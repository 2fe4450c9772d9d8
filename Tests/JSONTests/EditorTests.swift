import JSON
import Testing

@Suite struct EditorTests {
  static let source = #"{ "id" : 1,"result" :{"tools":[1, 2] , "x" :{ } , "i":"\u0061"  }  }"#

  struct Case: Sendable, CustomTestStringConvertible {
    let path: [JSONString]
    let value: String?
    let expected: String
    var testDescription: String { path.map(\.string).joined(separator: ".") + "=\(value ?? "-")" }
  }

  static let cases = [
    Case(
      path: ["result", "tools"], value: "[]",
      expected: #"{ "id" : 1,"result" :{"tools":[] , "x" :{ } , "i":"\u0061"  }  }"#),
    Case(
      path: ["result", "x", "y"], value: "true",
      expected: #"{ "id" : 1,"result" :{"tools":[1, 2] , "x" :{"y":true } , "i":"\u0061"  }  }"#),
    Case(
      path: ["result", "a", "b", "c"], value: "0",
      expected:
        #"{ "id" : 1,"result" :{"tools":[1, 2] , "x" :{ } , "i":"\u0061","a":{"b":{"c":0}}  }  }"#),
    Case(
      path: ["new\n"], value: "null",
      expected:
        #"{ "id" : 1,"result" :{"tools":[1, 2] , "x" :{ } , "i":"\u0061"  },"new\n":null  }"#),
    Case(
      path: ["result", "tools"], value: nil,
      expected: #"{ "id" : 1,"result" :{"x" :{ } , "i":"\u0061"  }  }"#),
    Case(
      path: ["result", "x"], value: nil,
      expected: #"{ "id" : 1,"result" :{"tools":[1, 2] , "i":"\u0061"  }  }"#),
    Case(
      path: ["result", "i"], value: nil,
      expected: #"{ "id" : 1,"result" :{"tools":[1, 2] , "x" :{ }  }  }"#),
    Case(path: ["result"], value: nil, expected: #"{ "id" : 1  }"#),
    Case(path: ["result", "none"], value: nil, expected: source),
    Case(path: ["id", "none"], value: nil, expected: source),
    Case(path: [], value: "{}", expected: "{}"),
  ]

  @Test(arguments: cases) func edits(_ test: Case) throws {
    var editor = JSONEditor(bytes(Self.source))
    if let value = test.value {
      try editor.set(test.path, to: bytes(value))
    } else {
      try editor.remove(test.path)
    }
    #expect(text(editor.bytes) == test.expected)
    #expect(treeError(editor.bytes) == nil)
  }

  @Test func theOnlyMember() throws {
    var editor = JSONEditor(bytes(#"{ "\u0061" : [ ] }"#))
    #expect(try editor.value(at: ["a"]) == 13..<16)
    let removed = try editor.remove(["a"])
    #expect(removed)
    #expect(text(editor.bytes) == "{  }")
    try editor.set(["b"], to: bytes("1"))
    #expect(text(editor.bytes) == "{\"b\":1  }")
  }

  @Test func aPathThroughSomethingElseIsRefused() throws {
    var editor = JSONEditor(bytes(Self.source))
    #expect(throws: JSONEditError.notAnObject(["id"])) {
      try editor.set(["id", "x"], to: bytes("1"))
    }
    #expect(text(editor.bytes) == Self.source)
    var broken = JSONEditor(bytes("{"))
    #expect(throws: JSONEditError.self) { try broken.set(["a"], to: bytes("1")) }
  }
}
