import JSON
import MCP
import Testing

/// What takes more than one message, through a real `cordon run`.
@Suite struct SeveralMessagesTests {
  private static func listed(_ lines: [String]) -> String {
    "[ " + lines.joined(separator: " , ") + " ]"
  }

  @Test func aBatchIsManyMessagesWhereItWasNegotiated() throws {
    let version = ProtocolVersion.v2025_03_26
    let play = try TablePlay(version)
    try play.playAll { MessageTableTests.passage($0, in: version) }
    // Everything at once, but for what begins a session and what Cordon asks itself.
    let messages = play.words.messages(from: .client, ids: "b").filter {
      message in
      ![
        .initialize, .toolsList, .toolsCall, .promptsList, .promptsGet, .resourceTemplatesList,
        .complete,
      ].contains(message.row?.method)
    }
    let before = try play.lines().count
    #expect(try play.hear([Self.listed(messages.map(\.line))]) == messages.map(\.line))
    let answers = messages.filter { $0.id != nil }.map(\.answer)
    #expect(try play.lines().dropFirst(before).dropLast() == answers[...])
    // The server's requests and notifications in a batch, and the host's answers in one.
    let asked = play.words.messages(from: .server, ids: "c")
    #expect(try play.say([Self.listed(asked.map(\.line))]) == asked.map(\.line))
    let owed = asked.filter { $0.id != nil }.map(\.answer)
    #expect(try play.hear([Self.listed(owed)]) == owed)
    #expect(try play.end().allSatisfy { $0["event"] != "refused" })
  }

  @Test func aBatchThatWasNotNegotiatedIsAnsweredOnBothSides() throws {
    let version = ProtocolVersion.v2025_11_25
    let play = try TablePlay(version)
    try play.playAll { MessageTableTests.passage($0, in: version) }
    let ping = #"{"jsonrpc":"2.0","id":"b","method":"ping"}"#
    let before = try play.lines().count
    #expect(try play.hear([Self.listed([ping])]) == [])
    let answer = try Value.parse(try play.lines().dropFirst(before).first ?? "")
    #expect(answer["id"] == "b" && answer["error"]["code"] == -32600, "\(answer)")
    #expect(try play.say([Self.listed([ping])]) == [])
    let heard = try play.hear([]).map { try Value.parse($0) }
    #expect(heard.map { $0["error"]["code"] } == [-32600])
    _ = try play.end()
  }

  @Test func subscriptionsAreManyAtOnce() throws {
    let version = ProtocolVersion.v2026_07_28
    let play = try TablePlay(version)
    try play.playAll { MessageTableTests.passage($0, in: version) }
    try play.answer(
      with: play.words.messages(from: .client, ids: "h"), silent: [.subscriptionsListen])
    let meta = play.words.requestMeta
    // Two ids that read alike are two subscriptions.
    let ids = ["7", #""7""#]
    let listens = ids.map {
      #"{"jsonrpc": "2.0", "id": \#($0), "method": "subscriptions/listen", "params": {"notifications": {"toolsListChanged": true, "resourceSubscriptions": ["x:y"]}, "_meta": \#(meta)}}"#
    }
    #expect(try play.hear(listens) == listens)
    let tags = ids.map { #""_meta": {"io.modelcontextprotocol/subscriptionId": \#($0)}"# }
    func told(_ method: String, _ params: String, _ tag: String) -> String {
      #"{"jsonrpc": "2.0", "method": "\#(method)", "params": {\#(params)\#(tag)}}"#
    }
    let said =
      tags.map {
        told(
          "notifications/subscriptions/acknowledged",
          #""notifications": {"toolsListChanged": true}, "#, $0)
      }
      + tags.reversed().flatMap { tag in
        [
          told("notifications/resources/updated", #""uri": "x:y", "#, tag),
          told("notifications/tools/list_changed", "", tag),
        ]
      } + [
        // One ends by the server's word, one by its answer: both are in use.
        #"{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}"#,
        #"{"jsonrpc": "2.0", "id": "7", "result": {"resultType": "complete", \#(tags[1])}}"#,
      ]
    #expect(try play.say(said) == said)
    #expect(
      try play.end().allSatisfy {
        $0["event"] != "refused" || $0["reason"] == "request-in-modern-era"
      })
  }
}
