import JSON
import MCP
import Testing

@Suite struct EnvelopeTests {
  static func read(_ text: String) throws(EnvelopeError) -> Message {
    try Message.read(Array(text.utf8))
  }

  struct Good: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: Envelope.Kind

    init(_ text: String, _ kind: Envelope.Kind) {
      testDescription = text
      self.kind = kind
    }
  }

  static let accepted = [
    Good(
      #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
      .request(id: .number(1), method: Method.toolsList.name)),
    Good(
      #"{"method":"ping","params":{},"jsonrpc":"2.0","id":"\u0061"}"#,
      .request(id: .string("a"), method: "ping")),
    Good(
      #"{"jsonrpc":"2.0","id":0,"method":"x","unknown":[1]}"#,
      .request(id: .number(0), method: "x")),
    Good(
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
      .notification(method: Method.initialized.name)),
    Good(
      #"{"jsonrpc":"2.0","method":"t\u006fols\/call"}"#,
      .notification(method: Method.toolsCall.name)),
    Good(
      #"{"jsonrpc":"2.0","id":9007199254740991,"result":{}}"#,
      .response(id: .number(9_007_199_254_740_991))),
    Good(
      #"{"jsonrpc":"2.0","id":-9007199254740991,"method":"x"}"#,
      .request(id: .number(-9_007_199_254_740_991), method: "x")),
    Good(#"{"jsonrpc":"2.0","id":"","result":null}"#, .response(id: .string(""))),
    Good(
      #"{"jsonrpc":"2.0","id":3,"error":{"code":-1,"message":"no"}}"#,
      .errorResponse(id: .number(3))),
    Good(
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}}"#, .errorResponse(id: nil)),
    Good(
      #"{"jsonrpc":"2.0","error":{"code":-1,"message":"no","data":0}}"#, .errorResponse(id: nil)),
  ]

  @Test(arguments: accepted) func isRead(_ test: Good) throws {
    guard case .single(let envelope) = try Self.read(test.testDescription) else {
      Issue.record("a batch")
      return
    }
    #expect(envelope.kind == test.kind)
    #expect(envelope.isOneLine)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let reason: EnvelopeError.Reason
    let id: MessageID?

    init(_ text: String, _ reason: EnvelopeError.Reason, _ id: MessageID? = nil) {
      testDescription = text
      self.reason = reason
      self.id = id
    }
  }

  static let refused = [
    Bad("1", .notAnObject),
    Bad("\"x\"", .notAnObject),
    Bad("[]", .emptyBatch),
    Bad("{}", .version),
    Bad(#"{"jsonrpc":"1.0","id":1,"method":"x"}"#, .version, .number(1)),
    Bad(#"{"jsonrpc":2.0,"id":1,"method":"x"}"#, .version, .number(1)),
    Bad(#"{"id":1,"method":"x"}"#, .version, .number(1)),
    Bad(#"{"jsonrpc":"2.0"}"#, .shape),
    Bad(#"{"jsonrpc":"2.0","id":1}"#, .shape),
    Bad(#"{"jsonrpc":"2.0","id":1,"method":"x","result":{}}"#, .shape, .number(1)),
    Bad(#"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}"#, .shape),
    Bad(#"{"jsonrpc":"2.0","id":1,"result":{},"params":{}}"#, .shape),
    Bad(#"{"jsonrpc":"2.0","id":null,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":1.0,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":1e0,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":9007199254740992,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":-9007199254740993,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":-0,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":"1\u0000","method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":true,"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":[1],"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, .id),
    Bad(#"{"jsonrpc":"2.0","result":{}}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":null,"result":{}}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":1.0,"error":{"code":1,"message":""}}"#, .id),
    Bad(#"{"jsonrpc":"2.0","id":1,"method":7}"#, .method, .number(1)),
    Bad(#"{"jsonrpc":"2.0","id":1,"method":"tools/call\u0000x"}"#, .method, .number(1)),
    Bad(#"{"jsonrpc":"2.0","id":1,"method":"x","params":[]}"#, .params, .number(1)),
    Bad(#"{"jsonrpc":"2.0","id":1,"method":"x","params":null}"#, .params, .number(1)),
    Bad(#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, .error),
    Bad(#"{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}"#, .error),
    Bad(#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#, .error),
    // A reader without regard to case takes the last of two spellings.
    Bad(
      #"{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"tools/call"}"#, .lookalike, .number(1)),
    Bad(
      #"{"jsonrpc":"2.0","id":1,"method":"x","params":{},"Param\u0053":{}}"#, .lookalike,
      .number(1)),
    Bad(
      #"{"jsonrpc":"2.0","id":1,"method":"ping","method\u0000x":"tools/call"}"#, .lookalike,
      .number(1)),
    Bad("{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"\u{131}d\":1}", .lookalike),
    Bad("{\"jsonrpc\":\"2.0\",\"id\":1,\"re\u{17F}ult\":{},\"error\":{}}", .lookalike),
  ]

  @Test(arguments: refused) func isRefused(_ test: Bad) {
    do throws(EnvelopeError) {
      _ = try Self.read(test.testDescription)
      Issue.record("accepted")
    } catch {
      #expect(error.reason == test.reason)
      #expect(error.id == test.id)
      #expect(error.code == -32600)
    }
  }

  @Test(arguments: [
    (#"{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":1,"a":2}}"#, "duplicate-key"),
    (#"{"method":"x","params":{"a":"\ud800"},"jsonrpc":"2.0","id":1}"#, "lone-surrogate"),
    (#"{"jsonrpc":"2.0","method":"x","id":1}{}"#, "trailing-content"),
  ]) func notJSONIsAnsweredWhereARequestCanBeTold(_ text: String, _ word: String) {
    do throws(EnvelopeError) {
      _ = try Self.read(text)
      Issue.record("accepted")
    } catch {
      #expect(error.word == word)
      #expect(error.code == -32700)
      #expect(error.id == .number(1))
      let reply = Reply.refusal(of: error).map { String(decoding: $0, as: UTF8.self) }
      #expect(reply?.hasPrefix(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32700,"#) == true)
    }
  }

  @Test func rangesLeadToTheParts() throws {
    let text = #" {"jsonrpc":"2.0","id": "a" ,"method":"x","params": {"n":[1]} } "#
    guard case .single(let envelope) = try Self.read(text) else {
      Issue.record("a batch")
      return
    }
    let bytes = Array(text.utf8)
    func part(_ range: Range<Int>?) -> String? {
      range.map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    #expect(part(envelope.id) == "\"a\"")
    #expect(part(envelope.params) == #"{"n":[1]}"#)
    #expect(part(envelope.range)?.first == "{")
    #expect(envelope.result == nil)
  }

  @Test func aBatchGivesItsElements() throws {
    let text = #"[{"jsonrpc":"2.0","id":1,"method":"a"}, 2, {"jsonrpc":"2.0","method":"b"}]"#
    guard case .batch(let ranges) = try Self.read(text) else {
      Issue.record("no batch")
      return
    }
    let bytes = Array(text.utf8)
    try #require(ranges.count == 3)
    try unsafe bytes.withUnsafeBytes { buffer in
      let first = try unsafe Envelope.read(buffer, in: ranges[0])
      #expect(first.kind == .request(id: .number(1), method: "a"))
      #expect(throws: EnvelopeError(.notAnObject)) {
        try unsafe Envelope.read(buffer, in: ranges[1])
      }
      let last = try unsafe Envelope.read(buffer, in: ranges[2])
      #expect(last.kind == .notification(method: "b"))
    }
  }

  /// A carriage return is white space to JSON and the end of a line to some readers.
  @Test func smuggledLinesAreMarked() throws {
    let text =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":\r"
      + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\r}"
    guard case .single(let envelope) = try Self.read(text) else {
      Issue.record("a batch")
      return
    }
    #expect(!envelope.isOneLine)
    #expect(!OneLine.rewrite(Array(text.utf8)).contains(0x0D))
  }

  @Test func longIdsAreRefused() throws {
    let id = String(repeating: "x", count: MessageID.maximumLength)
    _ = try Self.read("{\"jsonrpc\":\"2.0\",\"id\":\"\(id)\",\"method\":\"x\"}")
    #expect(throws: EnvelopeError(.id)) {
      try Self.read("{\"jsonrpc\":\"2.0\",\"id\":\"\(id)x\",\"method\":\"x\"}")
    }
  }

  @Test func idsCompareByBytes() {
    #expect(MessageID.string("\u{e9}") != MessageID.string("e\u{301}"))
    #expect(MessageID.string("1") != MessageID.number(1))
    #expect(MessageID.string("a\u{2028}").description == #""a\u2028""#)
  }
}
