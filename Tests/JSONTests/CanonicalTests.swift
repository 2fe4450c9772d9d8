import JSON
import Testing

@Suite struct CanonicalTests {
  @Test(arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
  func vectorsOfRFC8785(_ name: String) throws {
    let input = try #require(TestData.read("jcs/input/\(name).json"))
    let output = try #require(TestData.read("jcs/output/\(name).json"))
    #expect(try JSONCanonical.write(JSONReader.parse(input), numbers: .rfc8785) == output)
    let hex = try #require(TestData.read("jcs/outhex/\(name).txt"))
    let digits = text(hex).split { " \n\r".contains($0) }.compactMap { UInt8($0, radix: 16) }
    #expect(digits == output)
  }

  /// RFC 8785, appendix B, and the borders of ECMAScript's Number::toString.
  static let numbers: [String: String] = [
    "0": "0", "-0": "0", "0.0": "0", "-0e5": "0",
    "5e-324": "5e-324", "-5e-324": "-5e-324",
    "1.7976931348623157e308": "1.7976931348623157e+308",
    "9007199254740992": "9007199254740992", "-9007199254740992": "-9007199254740992",
    "295147905179352830000": "295147905179352830000",
    "9.999999999999997e22": "9.999999999999997e+22",
    "1e23": "1e+23", "1.0000000000000001e23": "1.0000000000000001e+23",
    "999999999999999700000": "999999999999999700000",
    "999999999999999900000": "999999999999999900000",
    "1e21": "1e+21", "1e20": "100000000000000000000", "123e18": "123000000000000000000",
    "9.999999999999997e-7": "9.999999999999997e-7", "0.000001": "0.000001",
    "1e-7": "1e-7", "0.00000123": "0.00000123", "0.000000123": "1.23e-7",
    "333333333.3333332": "333333333.3333332", "333333333.33333325": "333333333.33333325",
    "-0.0000033333333333333333": "-0.0000033333333333333333",
    "1424953923781206.2": "1424953923781206.2",
    "4.50": "4.5", "2e-3": "0.002", "100": "100", "10.0": "10", "1E2": "100", "1.5e1": "15",
    "-12.5": "-12.5", "1e0": "1", "0.1": "0.1", "1e+10": "10000000000",
  ]

  @Test(arguments: numbers) func numbersAsECMAScript(_ source: String, _ canonical: String) throws {
    let node = try JSONReader.parse(bytes(source))
    #expect(text(JSONCanonical.write(node, numbers: .rfc8785)) == canonical)
    #expect(text(JSONCanonical.write(node)) == canonical)
  }

  /// Each of these has the double of another number; the digest must tell the two apart.
  @Test(arguments: [
    "9007199254740993", "1e400", "-1e400", "0.10000000000000000555", "333333333.33333329",
    "1e-400", "12345678901234567890",
  ]) func numbersThatShareADoubleKeepTheirText(_ source: String) throws {
    let node = try JSONReader.parse(bytes(source))
    #expect(node.number?.isExactInDouble == false)
    #expect(text(JSONCanonical.write(node)) == source)
  }

  @Test func keysGoByUTF16() throws {
    // U+1F600 is D83D DE00 in UTF-16: before U+E000 and U+FF61 there, after them in UTF-8.
    let source =
      "{\"\u{FF61}\":1,\"\u{E000}\":2,\"\u{1F600}\":3,\"\u{D7FF}\":4,\"a\":5,\"\":6,\"aa\":7}"
    let canonical = try JSONCanonical.write(JSONReader.parse(bytes(source)))
    let expected =
      "{\"\":6,\"a\":5,\"aa\":7,\"\u{D7FF}\":4,\"\u{1F600}\":3,\"\u{E000}\":2,\"\u{FF61}\":1}"
    #expect(text(canonical) == expected)
  }

  @Test func theOrderOfKeysIsThatOfUTF16ForRandomKeys() throws {
    let scalars: [Unicode.Scalar] = [
      "a", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{EFFF}",
      "\u{F000}", "\u{FFFF}", "\u{10000}", "\u{1F600}", "\u{10FFFF}",
    ]
    var keys: [String] = []
    for one in scalars {
      for two in scalars { keys.append(String(String.UnicodeScalarView([one, two]))) }
    }
    var writer = JSONWriter()
    writer.object { object in
      for key in keys.reversed() { object.member(JSONString(key)) { $0.null() } }
    }
    let canonical = try JSONReader.parse(JSONCanonical.write(JSONReader.parse(writer.bytes)))
    let order = try #require(canonical.object).map { Array($0.key.string.utf16) }
    #expect(order == keys.map { Array($0.utf16) }.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func canonicalFormIsAFixedPoint() throws {
    let source = bytes(#"{"b":[1.0,"\u0000\u001f\u007f\/"],"a":{"z":null,"é":true}}"#)
    let once = try JSONCanonical.write(JSONReader.parse(source))
    #expect(try JSONCanonical.write(JSONReader.parse(once)) == once)
    #expect(text(once) == "{\"a\":{\"z\":null,\"é\":true},\"b\":[1,\"\\u0000\\u001f\u{7F}/\"]}")
  }
}
