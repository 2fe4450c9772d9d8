import Control
import Testing

@testable import Relay

@Suite struct BatchTests {
  private static let note = #"{"jsonrpc":"2.0","method":"n"}"#

  /// A session that has negotiated a version.
  private func negotiated(_ version: String = "2025-03-26") -> Scene {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Lines.result(1, #"{"protocolVersion":"\#(version)","capabilities":{}}"#))
    return scene
  }

  @Test func theHostsBatchIsSplitAndEachAnswerIsALine() {
    var scene = negotiated()
    let parts = [Lines.request(2, "ping"), Self.note, Lines.request(3, "resources/list")]
    #expect(
      scene.host("[ \(parts[0]) ,\(parts[1]),\(parts[2])]") == .init(toServer: parts))
    // In any order, alone or together.
    #expect(scene.server(Lines.result(3)) == .init(toHost: ["="]))
    #expect(scene.server("[\(Lines.result(2))]") == .init(toHost: [Lines.result(2)]))
    #expect(scene.refusals.isEmpty)
  }

  @Test func anInitializeInABatchAndWhatIsNoMessageAreLeftOut() {
    var scene = negotiated()
    let parts = [Lines.request(2, "ping"), Self.note]
    #expect(
      scene.host("[\(parts[0]),\(Lines.request(3, "initialize")),7,\(parts[1])]")
        == .init(toHost: [Lines.error(3, -32600, Words.initializeInBatch)], toServer: parts))
    #expect(scene.refusals == ["host initialize-in-batch", "host not-an-object"])
  }

  @Test func theServersBatchReachesTheHostLineByLine() {
    var scene = negotiated()
    _ = scene.host(Lines.request(2, "ping"))
    let parts = [Lines.result(2), Self.note, Lines.request(7, "roots/list")]
    #expect(
      scene.server("[\(parts.joined(separator: ","))]") == .init(toHost: parts))
    // The host's answers in a batch, one of them to nothing.
    #expect(
      scene.host("[\(Lines.result(7)),\(Lines.result(8))]") == .init(toServer: [Lines.result(7)]))
    #expect(scene.refusals == ["host answer-to-nothing"])
  }

  @Test(arguments: ["2024-11-05", "2025-06-18", "2025-11-25"])
  func aBatchOfAnotherVersionIsAnsweredOneByOne(version: String) {
    var scene = negotiated(version)
    #expect(
      scene.host("[\(Lines.request(2, "ping")),\(Self.note),\(Lines.request(3, "ping")),7]")
        == .init(
          toHost: [2, 3].map { Lines.error($0, -32600, Words.batch) }))
    #expect(scene.refusals == ["host batch", "host not-an-object"])
  }

  @Test func whoeverWaitsForAServersBatchIsTold() {
    var scene = negotiated("2025-11-25")
    _ = scene.host(Lines.request(2, "ping"))
    _ = scene.host(Lines.request(3, "resources/list"))
    let batch = [
      Lines.result(2), Lines.error(3, -32601, "no"), Self.note, Lines.request(4, "roots/list"),
      Lines.result(5),
    ]
    #expect(
      scene.server("[\(batch.joined(separator: ","))]")
        == .init(
          toHost: [2, 3].map { Lines.error($0, -32603, Words.answerRefused) },
          toServer: [Lines.error(4, -32600, Words.batch)]))
    #expect(scene.refusals == ["server batch"])
  }

  @Test func aBatchIsBounded() {
    var scene = negotiated()
    let batch = "[" + Array(repeating: Self.note, count: 10_001).joined(separator: ",") + "]"
    let effect = scene.host(batch)
    #expect(effect.toServer.count == 10_000)
    #expect(
      effect.toHost == [
        #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"\#(Words.batchTooLong)"}}"#
      ])
    #expect(scene.server(batch).toHost.count == 10_000)
    #expect(scene.refusals == ["host batch-too-long", "server batch-too-long"])
  }
}
