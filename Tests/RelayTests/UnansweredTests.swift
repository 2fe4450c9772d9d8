import Control
import JSON
import MCP
import Testing

@testable import Relay

/// Whoever waits for an answer that does not pass is told.
@Suite struct UnansweredTests {
  private static let wanted = Lines.request(7, "sampling/createMessage", "{}")

  /// A session of a version without batches, in which the server has asked for something.
  private func asking() -> Scene {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Lines.result(1, #"{"protocolVersion":"2025-11-25","capabilities":{}}"#))
    _ = scene.server(Self.wanted)
    return scene
  }

  @Test(arguments: [
    #"{"jsonrpc":"2.0","id":7,"result":{"text":"\ud83d"}}"#,
    #"[{"jsonrpc":"2.0","id":7,"result":{}}]"#,
    #"{"jsonrpc":"2.0","id":7,"result":{},"error":{}}"#,
  ]) func aServerWhoseHostAnswersInvalidly(_ line: String) {
    var scene = asking()
    let told = Lines.error(7, -32603, Words.answerRefused)
    #expect(scene.host(line) == .init(toServer: [told]))
    // Once: it is no open request any more.
    #expect(scene.host(line) == .init())
    #expect(scene.server(Self.wanted) == .init(toHost: ["="]))
  }

  @Test func aServerWhoseHostAnswersTooMuch() {
    for (head, tail) in [
      (#"{"jsonrpc":"2.0","id":7,"result":{"a":"bb"#, #"bb"}}"#),
      (#"{"jsonrpc":"2.0","result":{"a":"bb"#, #"bb"},"id":7}"#),
    ] {
      var scene = asking()
      let words = Words.answerOver(scene.name(.messageSize))
      #expect(
        scene.oversize(.host, head: head, tail: tail)
          == .init(toServer: [Lines.error(7, -32603, words)]))
    }
  }

  @Test func nobodyWhoHasCancelled() {
    var scene = asking()
    _ = scene.server(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#)
    #expect(scene.host(#"{"jsonrpc":"2.0","id":7,"result":{"text":"\ud83d"}}"#) == .init())
  }

  @Test func aHostWhoseAnswerIsTooFarBackInABatch() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Lines.result(1, #"{"protocolVersion":"2025-03-26","capabilities":{}}"#))
    _ = scene.host(Lines.request(2, "ping"))
    let note = #"{"jsonrpc":"2.0","method":"n"}"#
    let notes = String(repeating: note + ",", count: SessionSettings.longestBatch)
    #expect(
      scene.server("[\(notes)\(Lines.result(2))]").toHost.last
        == Lines.error(2, -32603, Words.answerRefused))
  }

  @Test func aNumberThatComesBackAsAString() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "ping"))
    _ = scene.host(Lines.request(12, "ping"))
    for other in [#""01""#, #""1 ""#, #""2""#, #""+1""#] {
      #expect(scene.server(#"{"jsonrpc":"2.0","id":\#(other),"result":{}}"#) == .init())
    }
    #expect(
      scene.server(#"{"jsonrpc":"2.0", "id": "1" ,"result":{"a":1}}"#)
        == .init(toHost: [#"{"jsonrpc":"2.0", "id": 1 ,"result":{"a":1}}"#]))
    #expect(scene.server(#"{"jsonrpc":"2.0","id":"1","result":{}}"#) == .init())
    // The string itself comes first where a request has it.
    let text = #"{"jsonrpc":"2.0","id":"12","method":"ping"}"#
    _ = scene.host(text)
    #expect(scene.server(#"{"jsonrpc":"2.0","id":"12","result":{}}"#) == .init(toHost: ["="]))
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"12","error":{"code":1,"message":"m"}}"#)
        == .init(toHost: [Lines.error(12, 1, "m")]))
  }

  @Test func onceWhenTheServerEndsWhileAnAnswerWaits() {
    var scene = Scene()
    scene.answersAtOnce = false
    _ = scene.host(Lines.request(1, "initialize"))
    let result = #"{"protocolVersion":"2025-11-25","capabilities":{},"instructions":"Be good"}"#
    #expect(scene.server(Lines.result(1, result)) == .init())
    #expect(scene.ended("it ended") == .init(toHost: [Lines.error(1, -32603, "it ended")]))
    #expect(scene.pins(sequence: 1) == .init())
  }

  /// A flood of one reason does not hide another.
  @Test func refusalsAreCountedByReason() {
    var scene = asking()
    for _ in 0..<300 { _ = scene.server("noise") }
    _ = scene.server(#"{"jsonrpc":"2.0","id":99,"result":{}}"#)
    #expect(scene.refusals.last == "server answer-to-nothing")
  }
}
