import JSON
import MCP
import Testing

/// Every method and notification of every version, in both directions, through a real `cordon run`.
@Suite struct MessageTableTests {
  /// Without a word about the protocol in the profile.
  static func passage(_ message: TableMessage, in version: ProtocolVersion) -> Passage {
    if message.sender == .client, let method = message.row?.method,
      TablePlay.lists.contains(method)
    {
      return .listed
    }
    // That version has no requests from a server, known or not.
    if message.sender == .server, message.id != nil, version == .v2026_07_28 {
      return .refused(-32601)
    }
    return .forwarded
  }

  @Test(arguments: ProtocolVersion.all)
  func everythingPasses(version: ProtocolVersion) throws {
    let play = try TablePlay(version)
    try play.playAll { Self.passage($0, in: version) }
    let events = try play.end()
    let refused = events.filter { $0["event"] == "refused" }.compactMap { $0["reason"].string }
    #expect(Set(refused) == (version == .v2026_07_28 ? ["request-in-modern-era"] : []))
    // The call is in the audit log, and the handshake with the version that was spoken.
    #expect(events.contains { $0["event"] == "call" && $0["outcome"] == "result" })
    let handshake = events.first { $0["event"] == "handshake" }
    #expect(handshake?["protocol"].string == version.name.string, "\(events)")
  }

  @Test func aCallMayBecomeATask() throws {
    let play = try TablePlay(.v2025_11_25)
    let call = TableMessage(
      "tools/call", from: .client, row: MethodTable.row(.toolsCall, from: .client, in: .legacy),
      id: "task", params: #"{"name": "x", "task": {"ttl": 1e4}}"#,
      result: play.words.example("CreateTaskResult"))
    try play.playAll { Self.passage($0, in: .v2025_11_25) }
    // The server has told that its list changed: the call waits for it, and passes as it was.
    try play.answer(with: play.words.messages(from: .client, ids: "h") + [call])
    try play.play([call]) { _ in .forwarded }
    #expect(try play.end().last { $0["event"] == "call" }?["outcome"] == "task")
  }

  /// Whatever a server asks for in an answer, and the retry that brings it.
  @Test func roundTripsPassByteForByte() throws {
    let version = ProtocolVersion.v2026_07_28
    let play = try TablePlay(version)
    try play.playAll { Self.passage($0, in: version) }
    let rows = MethodTable.rows.filter { $0.carried.contains(version) }
    #expect(rows.count == 3)
    let inputs = rows.map { #""\#($0.method.rawValue)": \#(play.words.carried($0))"# }
    let state = #""a\/\u0041 \\\"\t{}""#
    let required =
      #"{"resultType": "input_required", "requestState": \#(state), "inputRequests": {\#(inputs.joined(separator: ", "))}}"#
    for row in MethodTable.rows where row.results.contains(.inputRequired) {
      let name = row.method == .resourcesRead ? #""uri": "x:y""# : #""name": "x""#
      let meta = #""_meta": \#(play.words.requestMeta)"#
      let ask = TableMessage(
        row.method.rawValue, from: .client, row: row, id: "ask \(row.method)",
        params: "{\(name), \(meta)}", result: required)
      try play.answer(with: play.words.messages(from: .client, ids: "h") + [ask])
      try play.play([ask]) { _ in .forwarded }
      let responses = rows.map { #""\#($0.method.rawValue)": {"x": 1.0}"# }
      let retry = TableMessage(
        row.method.rawValue, from: .client, row: row, id: "retry \(row.method)",
        params:
          #"{\#(name), "inputResponses": {\#(responses.joined(separator: ","))}, "requestState": \#(state), \#(meta)}"#,
        result: #"{"resultType": "complete"}"#)
      try play.answer(with: play.words.messages(from: .client, ids: "h") + [retry])
      try play.play([retry]) { _ in .forwarded }
    }
    let outcomes = try play.end().filter { $0["event"] == "call" }.compactMap {
      $0["outcome"].string
    }
    #expect(outcomes == ["result", "input-required", "result"])
  }

  /// A host that probes a legacy server, in each of the ways in which one says no.
  @Test func aProbeBeforeTheHandshakePasses() throws {
    let play = try TablePlay(.v2025_06_18)
    let modern = try TableWords(.v2026_07_28)
    let row = try #require(MethodTable.row(.discover, from: .client, in: .modern))
    let probe = modern.message(row, id: "probe")
    // The mirror has no book yet: its error passes, bytes and all.
    try play.playUnknown(probe)
    try play.playAll { Self.passage($0, in: .v2025_06_18) }
    _ = try play.end()
  }

  /// A host and a server that share no version: what each says reaches the other, refusals included.
  @Test func anUnknownEraIsBetweenHostAndServer() throws {
    let play = try TablePlay(.v2025_11_25)
    for version in [ProtocolVersion.v2026_07_28, .v2025_11_25] {
      // About these Cordon asks for itself, see `MESSAGES.md`.
      let messages = try TableWords(version).messages(from: .client, ids: "\(version.era)")
        .filter { message in
          message.id != nil
            && ![
              .toolsList, .toolsCall, .promptsList, .promptsGet, .resourceTemplatesList, .complete,
            ]
            .contains(message.row?.method)
        }
      #expect(messages.count >= 8)
      for message in messages { try play.playUnknown(message) }
    }
    let events = try play.end()
    #expect(!events.contains { $0["event"] == "refused" }, "\(events)")
  }
}
