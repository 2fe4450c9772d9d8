import JSON
import MCP
import Testing

@Suite struct ReplyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let reply: [UInt8]
    let testDescription: String

    init(_ reply: [UInt8], _ expected: String) {
      self.reply = reply
      testDescription = expected
    }
  }

  static let cases = [
    Case(
      Reply.error(id: .number(1), code: -32602, message: "a\n\"b\""),
      #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"a\n\"b\""}}"#),
    Case(
      Reply.error(id: nil, code: -32700, message: "x", data: Array("{}".utf8)),
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x","data":{}}}"#),
    Case(
      Reply.result(id: .string("é\u{2028}"), result: Array("{\"a\":1}".utf8)),
      #"{"jsonrpc":"2.0","id":"é\u2028","result":{"a":1}}"#),
    Case(
      Reply.request(id: .string("q"), method: Method.toolsList.name, params: Array("{}".utf8)),
      #"{"jsonrpc":"2.0","id":"q","method":"tools/list","params":{}}"#),
    Case(
      Reply.notification(method: Method.toolsListChanged.name),
      #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#),
  ]

  @Test(arguments: cases) func isOneLine(_ test: Case) throws {
    #expect(String(decoding: test.reply, as: UTF8.self) == test.testDescription + "\n")
    guard case .single(let envelope) = try Message.read(Array(test.reply.dropLast())) else {
      Issue.record("a batch")
      return
    }
    #expect(envelope.isOneLine)
  }

  @Test func onlyOneVersionHasBatches() {
    #expect(ProtocolVersion.all.filter(\.hasBatches) == [.v2025_03_26])
    #expect(ProtocolVersion.named("2025-03-26")?.hasBatches == true)
    #expect(ProtocolVersion.named("2025-11-25")?.hasBatches == false)
    #expect(ProtocolVersion.named("2024-10-07") == nil)
  }
}
