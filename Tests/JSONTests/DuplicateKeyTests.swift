import JSON
import Testing

@Suite struct DuplicateKeyTests {
  static let repeated: [String: Int] = [
    #"{"a":1,"a":2}"#: 7,
    #"{"a":1,"\u0061":2}"#: 7,
    #"{"\u0061":1,"a":2}"#: 12,
    #"{"\u0061":1,"\u0061":2}"#: 12,
    #"{"":1,"":2}"#: 6,
    #"{"/":1,"\/":2}"#: 7,
    #"{"😀":1,"\ud83d\ude00":2}"#: 10,
    #"[[[{"x":{"y":[{"a":1,"b":2,"a":3}]}}]]]"#: 27,
    #"{"a":{"a":1},"b":{"a":{},"a":[]}}"#: 25,
  ]

  @Test(arguments: repeated) func refusesAtAnyDepth(_ source: String, _ offset: Int) {
    let error = treeError(bytes(source))
    #expect(error?.reason == .duplicateKey)
    #expect(error?.offset == offset)
    #expect(outlineError(bytes(source)) == error)
  }

  @Test(arguments: [
    #"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#,
    #"{"é":1,"e\u0301":2}"#,
    #"{"a":1,"A":2,"":3," ":4,"a\u0000":5}"#,
  ]) func keepsKeysApart(_ source: String) {
    #expect(treeError(bytes(source)) == nil)
    #expect(outlineError(bytes(source)) == nil)
  }

  /// Around the numbers of keys that have a number, and at which the object is sorted instead.
  @Test(arguments: Array(1...24) + Array(62...68) + Array(78...84)) func anyPairInAnObjectOfAnySize(
    _ count: Int
  ) {
    for repeated in 0..<count {
      var members = (0..<count).map { #""key\#($0)":{"key\#($0)":0}"# }
      #expect(outlineError(bytes("{\(members.joined(separator: ","))}")) == nil)
      members.append(#""k\u0065y\#(repeated)":0"#)
      let source = bytes("{\(members.joined(separator: ","))}")
      #expect(outlineError(source)?.reason == .duplicateKey)
      #expect(treeError(source) == outlineError(source))
    }
  }

  @Test func namesTheFirstRepetitionOfALargeObject() {
    let members = (0..<100).map { "\"\($0)\":0" } + ["\"7\":0", "\"3\":0"]
    let source = "{\(members.joined(separator: ","))}"
    let offset = members.dropLast(2).joined(separator: ",").utf8.count + 2
    #expect(outlineError(bytes(source))?.offset == offset)
  }

  /// Thirty thousand keys with a long common prefix: quadratic work would take minutes.
  @Test(.timeLimit(.minutes(1))) func manyKeysStayCheap() {
    let prefix = String(repeating: "x", count: 40)
    var source = bytes("{")
    for index in 0..<30_000 {
      if index > 0 { source.append(0x2C) }
      source += bytes("\"\(prefix)\(index)\":0")
    }
    source.append(0x7D)
    #expect(outlineError(source) == nil)
  }
}
