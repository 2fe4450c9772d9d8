import Glibc
import JSON
import MCP
import Testing

@testable import Relay

/// How a message is read, as values: each line has one outcome, whoever sends it. MESSAGES.md has the
/// same as a table.
@Suite struct ReadingTests {
  enum Outcome: Equatable, Sendable {
    /// Byte for byte.
    case passes
    case becomes(String)
    /// The sender gets an error where its request has an id that can be known.
    case refused(String, answered: Bool)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let line: [UInt8]
    let outcome: Outcome

    init(_ name: String, _ line: String, _ outcome: Outcome) {
      self.init(name, Array(line.utf8), outcome)
    }

    init(_ name: String, _ line: [UInt8], _ outcome: Outcome) {
      testDescription = name
      self.line = line
      self.outcome = outcome
    }
  }

  /// A request around an id; one around a value.
  static func id(_ id: String) -> String { #"{"jsonrpc":"2.0","id":\#(id),"method":"x/y"}"# }
  static func value(_ value: String) -> String {
    #"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"v":\#(value)}}"#
  }

  static let lines: [Case] = [
    Case(
      "U+2028, U+2029, U+0085 in a value", value("\"a\u{2028}b\u{2029}c\u{85}\""),
      .becomes(value(#""a\u2028b\u2029c\u0085""#))),
    Case(
      "U+2028 in a key", value("{\"a\u{2028}\u{85}\":1}"), .becomes(value(#"{"a\u2028\u0085":1}"#))),
    Case("escaped line ends", value(#""\u2028\u0085\r\n\u000b\u000c\u001c\u001d\u001e""#), .passes),
    Case(
      "white space between tokens", "\t" + value("[1,\r2\t]\r"), .becomes(" " + value("[1, 2 ] "))),
    Case("U+000B outside a string", value("\u{B}1"), .refused("control-character", answered: true)),
    Case(
      "U+000C outside a string", value("[\u{C}]"), .refused("control-character", answered: true)),
    Case("raw tab in a string", value("\"\t\""), .refused("control-character", answered: true)),
    Case(
      "raw U+001C in a string", value("\"\u{1C}\""), .refused("control-character", answered: true)),
    Case("raw NUL in a string", value("\"\0\""), .refused("control-character", answered: true)),
    Case("raw NUL behind", value("1") + "\0", .refused("trailing-content", answered: true)),
    Case("raw U+0085 outside", value("1\u{85}"), .refused("unexpected-byte", answered: true)),
    Case("no-break space outside", value("\u{A0}1"), .refused("unexpected-byte", answered: true)),
    Case("DEL and other C1 controls", value("\"\u{7F}\u{80}\u{84}\u{86}\u{9F}\""), .passes),
    Case("U+FEFF in a string", value("\"\u{FEFF}\u{FFFE}\u{FFFF}\""), .passes),
    Case("byte order mark", "\u{FEFF}" + value("1"), .refused("byte-order-mark", answered: true)),
    Case(
      "two byte order marks", "\u{FEFF}\u{FEFF}{}", .refused("byte-order-mark", answered: false)),
    Case(
      "UTF-16", Array("{}".utf16).flatMap { [UInt8($0), 0] },
      .refused("control-character", answered: false)),
    Case("white space alone", " \t ", .refused("unexpected-end", answered: false)),
    Case("two documents", id("1") + id("2"), .refused("trailing-content", answered: false)),
    Case("two documents, space between", "{} {}", .refused("trailing-content", answered: false)),
    Case(
      "two documents, CR between", id("1") + "\r" + id("2"),
      .refused("trailing-content", answered: false)),
    Case("a comment", "/**/" + id("1"), .refused("unexpected-byte", answered: true)),
    Case("a comma too many", value("[1,]"), .refused("unexpected-byte", answered: true)),
    Case("NaN", value("NaN"), .refused("unexpected-byte", answered: true)),
    Case("-Infinity", value("-Infinity"), .refused("invalid-number", answered: true)),

    Case("two keys", value(#"1,"v":1"#), .refused("duplicate-key", answered: true)),
    Case(
      "two keys, one escaped", value(#"{"a":1,"\u0061":1}"#),
      .refused("duplicate-key", answered: true)),
    Case(
      "two keys of one pair", value(#"{"😀":1,"\ud83d\ude00":1}"#),
      .refused("duplicate-key", answered: true)),
    Case(
      "two ids", #"{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}"#,
      .refused("duplicate-key", answered: false)),
    Case("keys that only look alike", value("{\"é\":1,\"e\u{301}\":2,\"E\":3,\"e\":4}"), .passes),
    Case(
      "a key like the protocol's", #"{"jsonrpc":"2.0","id":1,"method":"x/y","Method":"z"}"#,
      .refused("lookalike-key", answered: true)),
    Case(
      "a key up to a NUL", #"{"jsonrpc":"2.0","id":1,"method":"x/y","id\u0000":2}"#,
      .refused("lookalike-key", answered: true)),
    Case(
      "__proto__", #"{"jsonrpc":"2.0","id":1,"method":"x/y","__proto__":{"method":"z"}}"#, .passes),
    Case(
      "__proto__ twice", value(#"{"__proto__":1,"__proto__":2}"#),
      .refused("duplicate-key", answered: true)),
    Case("__proto__ deeper", value(#"{"__proto__":{"a":1},"constructor":null}"#), .passes),

    Case("a number", id("7"), .passes),
    Case("the largest number", id("9007199254740991"), .passes),
    Case("the least number", id("-9007199254740991"), .passes),
    Case("2^53", id("9007199254740992"), .refused("invalid-id", answered: false)),
    Case("2^53 + 1", id("9007199254740993"), .refused("invalid-id", answered: false)),
    Case(
      "a huge number", id("1" + String(repeating: "0", count: 400)),
      .refused("invalid-id", answered: false)),
    Case("1.0", id("1.0"), .refused("invalid-id", answered: false)),
    Case("1e0", id("1e0"), .refused("invalid-id", answered: false)),
    Case("-0", id("-0"), .refused("invalid-id", answered: false)),
    Case("01", id("01"), .refused("invalid-number", answered: false)),
    Case("null", id("null"), .refused("invalid-id", answered: false)),
    Case("true", id("true"), .refused("invalid-id", answered: false)),
    Case("a list", id("[1]"), .refused("invalid-id", answered: false)),
    Case("a string", id(#""1""#), .passes),
    Case("an empty string", id(#""""#), .passes),
    Case("a string with escapes", id(#""\u0061\n""#), .passes),
    Case("a string with U+0000", id(#""1\u0000""#), .refused("invalid-id", answered: false)),
    Case(
      "a string with half a pair", id(#""\ud800""#), .refused("lone-surrogate", answered: false)),
    Case(
      "a long string", id("\"\(String(repeating: "x", count: 1025))\""),
      .refused("invalid-id", answered: false)),

    Case("numbers no double holds", value("[9007199254740993,1e400,-0,0.10,1E+2]"), .passes),
    Case(
      "a long number", value(String(repeating: "1", count: 1201)),
      .refused("number-too-long", answered: true)),
    Case("U+0000 escaped in a value", value(#""\u0000""#), .passes),
    Case(
      "U+0000 escaped in the method", #"{"jsonrpc":"2.0","id":1,"method":"x\u0000"}"#,
      .refused("invalid-method", answered: true)),
    Case("high half alone", value(#""\ud800""#), .refused("lone-surrogate", answered: true)),
    Case("low half alone", value(#""\udc00""#), .refused("lone-surrogate", answered: true)),
    Case(
      "halves the wrong way round", value(#""\ude00\ud83d""#),
      .refused("lone-surrogate", answered: true)),
    Case(
      "half a pair as a key", value(#"{"\ud800":1}"#), .refused("lone-surrogate", answered: true)),
    Case("an escape JSON has not", value(#""\x41""#), .refused("invalid-escape", answered: true)),
    Case(
      "half a pair in UTF-8", raw([0xED, 0xA0, 0x80]), .refused("invalid-utf8", answered: true)),
    Case("overlong", raw([0xC0, 0xAF]), .refused("invalid-utf8", answered: true)),
    Case("Latin-1", raw([0xE9]), .refused("invalid-utf8", answered: true)),
    Case(
      "above U+10FFFF", raw([0xF4, 0x90, 0x80, 0x80]), .refused("invalid-utf8", answered: true)),
    Case("nested 128 deep", value(nested(126)), .passes),
    Case("nested 129 deep", value(nested(127)), .refused("too-deep", answered: true)),
    Case("no object", "7", .refused("not-an-object", answered: false)),
    Case("an empty batch", "[]", .refused("empty-batch", answered: false)),
    Case(
      "spaces and unknown members stay",
      " { \"jsonrpc\" : \"2.0\" ,\"id\":1, \"method\":\"x\\/y\",\"Z\":[1.50,\"\\u00e9é\\/\"] } ",
      .passes),
  ]

  static func raw(_ bytes: [UInt8]) -> [UInt8] {
    let parts = value("\"|\"").split(separator: "|").map { Array($0.utf8) }
    return parts[0] + bytes + parts[1]
  }

  static func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  @Test(arguments: lines) func isReadAlikeInBothDirections(_ test: Case) {
    var fromHost = Scene()
    let one = fromHost.host(test.line)
    var fromServer = Scene()
    let two = fromServer.server(test.line)
    check(test, passed: one.toServer, answers: one.toHost, fromHost.refusals, "host")
    check(test, passed: two.toHost, answers: two.toServer, fromServer.refusals, "server")
  }

  private func check(
    _ test: Case, passed: [String], answers: [String], _ refusals: [String], _ side: String
  ) {
    switch test.outcome {
    case .passes:
      #expect(passed == ["="])
      #expect(answers.isEmpty && refusals.isEmpty)
    case .becomes(let line):
      #expect(passed == [line])
      #expect(answers.isEmpty && refusals.isEmpty)
    case .refused(let reason, let answered):
      #expect(passed.isEmpty)
      #expect(refusals == ["\(side) \(reason)"])
      #expect(answers.count == (answered ? 1 : 0))
      #expect(answers.allSatisfy { $0.hasPrefix(#"{"jsonrpc":"2.0","id":1,"error":"#) })
    }
  }

  /// An id is what it means, not how it is written; `1` and `"1"` mean two things.
  @Test func idsAreComparedByWhatTheyMean() {
    var scene = Scene()
    _ = scene.host(Self.id(#""\u0061""#))
    #expect(scene.host(Self.id(#""a""#)).toServer.isEmpty)
    _ = scene.host(Self.id("1"))
    #expect(scene.host(Self.id(#""1""#)).toServer == ["="])
    #expect(scene.server(#"{"jsonrpc":"2.0","id":"\u0061","result":{}}"#).toHost == ["="])
    // é written in two ways is two ids.
    _ = scene.host(Self.id("\"\u{e9}\""))
    #expect(scene.server("{\"jsonrpc\":\"2.0\",\"id\":\"e\u{301}\",\"result\":{}}").toHost.isEmpty)
    for id in ["null", "1.5", "2.0", "[1]"] {
      #expect(scene.server(#"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#).toHost.isEmpty)
    }
    #expect(scene.server(#"{"jsonrpc":"2.0","id":1,"result":{}}"#).toHost == ["="])
  }

  /// A host that reads numbers as doubles waits for this answer: it gets an error instead.
  @Test(arguments: ["1.0", "1e0", "10e-1", "0.1E+1"])
  func anAnswerWithAnotherWordForItsIdIsRefused(_ id: String) {
    for line in [
      #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#, #"{"jsonrpc":"2.0","result":{},"id":\#(id)}"#,
    ] {
      var scene = Scene()
      for number in [1, 10] { _ = scene.host(Lines.request(number, "x")) }
      #expect(scene.server(line).toHost == [Lines.error(1, -32603, Words.answerRefused)])
      #expect(scene.refusals == ["server invalid-id"])
    }
  }

  /// To some servers 1.0 is the request 1, to Cordon it is none.
  @Test(arguments: ["1.0", "1e0", "1.5", "[1]", #""1\u0000""#])
  func aCancellationNamesAnIdOrNone(_ id: String) {
    let cancel =
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
    var scene = Scene()
    #expect(scene.host(cancel) == .init())
    #expect(scene.server(cancel) == .init())
    #expect(scene.refusals == ["host invalid-id", "server invalid-id"])
    let bare = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}"#
    #expect(scene.host(bare).toServer == ["="])
  }

  /// Where a server would take another tool's name than the one that was judged.
  @Test(arguments: [#""Name":"b""#, #""name\u0000":"b""#])
  func aCallHasOneName(_ second: String) {
    var scene = Scene()
    let effect = scene.host(Lines.request(3, "tools/call", #"{"name":"a",\#(second)}"#))
    #expect(effect.toServer.isEmpty)
    #expect(effect.toHost.first?.contains(#""code":-32602"#) == true)
    #expect(scene.refusals == ["host lookalike-key"])
  }

  /// A server may make the call all the same, of a tool that nobody approved.
  @Test func aCallWithoutAnIdIsRefused() {
    var scene = Scene()
    let call = #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a"}}"#
    #expect(scene.host(call) == .init())
    #expect(scene.refusals == ["host call-without-id"])
  }

  /// The table for readers names every reason for which a line is refused.
  @Test func theTableIsComplete() throws {
    let root =
      unsafe getenv("CORDON_TEST_ROOT").map { unsafe String(cString: $0) }
      ?? "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = try unsafe #require(fopen(root + "/Sources/Relay/MESSAGES.md", "r"))
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    let reasons: [EnvelopeError.Reason] = [
      .notAnObject, .emptyBatch, .version, .id, .method, .params, .shape, .error, .lookalike,
    ]
    for word in JSONError.Reason.allCases.map(\.rawValue) + reasons.map({ EnvelopeError($0).word })
    {
      #expect(text.contains("`\(word)`"), "\(word)")
    }
  }
}
