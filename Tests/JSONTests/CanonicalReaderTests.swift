import JSON
import Testing

/// The quick way to a canonical form against the plain one, which goes through a tree: the same bytes,
/// or the same refusal at the same place.
@Suite struct CanonicalReaderTests {
  @Test func agreesOnTheTestSuite() throws {
    let names = TestData.files(in: "json-test-suite/test_parsing")
    #expect(names.count > 200)
    for name in names { agree(try #require(TestData.read("json-test-suite/test_parsing/\(name)"))) }
  }

  @Test(arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
  func agreesOnTheVectorsOfRFC8785(_ name: String) throws {
    agree(try #require(TestData.read("jcs/input/\(name).json")))
    agree(try #require(TestData.read("jcs/output/\(name).json")))
  }

  @Test(
    arguments: CanonicalTests.numbers.keys.sorted() + [
      "9007199254740993", "1e400", "999999999999999", "9999999999999999", "-999999999999999",
      "-1000000000000000", "123456789012345.0", "-0.0", "1E0", "0e0",
    ]) func agreesOnNumbers(_ number: String)
  {
    for source in [number, "[\(number)]", "{\"a\":\(number) }"] { agree(bytes(source)) }
  }

  @Test(arguments: 0..<5) func agreesOnGeneratedDocuments(_ seed: UInt64) {
    var random = RandomDocuments(seed: seed)
    for _ in 0..<400 {
      var source: [UInt8] = []
      random.value(4, into: &source)
      agree(source)
      for _ in 0..<3 {
        random.damage(&source)
        agree(source)
      }
    }
  }

  /// Few and many members, with keys that share their first bytes, in every order of UTF-16 and with
  /// escapes.
  @Test(arguments: [1, 2, 23, 24, 25, 26, 300]) func agreesOnTheOrderOfKeys(_ count: Int) {
    var random = RandomDocuments(seed: UInt64(count))
    let pieces = [
      "a", "b", "\u{7F}", "é", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\\u0000",
    ]
    for _ in 0..<(count > 50 ? 2 : 20) {
      var keys: Set<String> = []
      while keys.count < count {
        let length = Int.random(in: 0..<(count > 20 ? 14 : 10), using: &random)
        keys.insert((0..<length).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
      }
      let members = keys.map { "\"\($0)\":{\"\($0)\":\($0.utf8.count)}" }
      agree(bytes("{\(members.joined(separator: ","))}"))
    }
  }

  /// What is kept from one value to the next does no harm, neither after an error.
  @Test func readsOneValueAfterTheOther() {
    let values = [
      #"{"b":1,"a":2}"#, #"{"b":{"b":[]},"a":[{"b":1}]}"#, #""text""#, #"{"a":1,"a":2}"#, "[1,",
      #"{"b":3,"a":"\u0061"}"#, "7", #"{"b":1,"a":2}"#,
    ]
    let line = bytes(values.joined(separator: " "))
    unsafe line.withUnsafeBytes { buffer in
      var reader = unsafe CanonicalReader(buffer)
      var start = 0
      for value in values {
        let range = start..<(start + value.utf8.count)
        start = range.upperBound + 1
        let expected = outcome { () throws(JSONError) in
          JSONCanonical.write(try JSONReader.parse(bytes(value)))
        }
        do throws(JSONError) {
          try reader.read(range)
          #expect(.success(reader.canonical) == expected, "\(value)")
        } catch {
          guard case .failure(let plain) = expected, plain.reason == error.reason else {
            Issue.record("\(value): \(error)")
            continue
          }
        }
      }
    }
  }

  @Test func findsTheNameAndLeavesAMemberOut() throws {
    let source = bytes(#"{"size":12,"n\u0061me":"caf\u00e9","other":7,"a":null}"#)
    unsafe try source.withUnsafeBytes { buffer in
      var reader = unsafe CanonicalReader(buffer)
      try reader.read(0..<buffer.count, leavingOut: "size")
      #expect(reader.kind == .object)
      #expect(reader.string("name") == JSONString("café"))
      #expect(reader.string("other") == nil)
      #expect(reader.string("none") == nil)
      #expect(text(reader.canonical) == #"{"a":null,"name":"café","other":7}"#)
    }
  }

  @Test func countsValuesAsATreeDoes() {
    let source = bytes(#"{"a":[1,2,{"b":null}],"c":"d"}"#)
    for values in 0...10 {
      var limits = JSONLimits()
      limits.values = values
      agree(source, limits)
    }
  }

  private func agree(_ source: [UInt8], _ limits: JSONLimits = JSONLimits()) {
    for numbers in [JSONCanonical.Numbers.faithful, .rfc8785] {
      let expected = outcome { () throws(JSONError) in
        JSONCanonical.write(try JSONReader.parse(source, limits: limits), numbers: numbers)
      }
      let actual = outcome { () throws(JSONError) in
        try JSONCanonical.read(source, limits: limits, numbers: numbers)
      }
      #expect(actual == expected, "\(text(source).debugDescription)")
    }
  }

  private func outcome(
    _ body: () throws(JSONError) -> [UInt8]
  ) -> Result<[UInt8], JSONError> {
    do throws(JSONError) {
      return .success(try body())
    } catch {
      return .failure(error)
    }
  }
}
