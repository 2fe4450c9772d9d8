import Testing

@testable import Relay

/// Lines of a server that are no message, while a request of the host's is open under id 1.
@Suite struct RemainsTests {
  @Test(arguments: [
    // A program's log on the wrong stream.
    #"{"level":"info","id":1,"msg":"ready"}"#,
    #"{"id":1,"result":"ok","level":"info"}"#,
    #"{"id":1,"error":"disk full"}"#,
    #"{"level":"info","id":1,"msg":"cut"#,
    #"{"level":"info","msg":"\ud800","id":1}"#,
    // A request of the server's own, and one that is broken.
    #"{"jsonrpc":"2.0","id":1,"method":"roots/list","params":[]}"#,
    #"{"jsonrpc":"2.0","id":1,"method":"roots/list","method":"x"}"#,
    #"{"id":1,"params":{"a":"\ud800"},"method":"roots/list","jsonrpc":"2.0"}"#,
    // The id of something else.
    #"{"jsonrpc":"2.0","result":{"id":1,"a":1,"a":2}}"#,
    #"[{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}]"#,
    "id: 1",
  ])
  func whatIsNoAnswerLeavesTheRequestOpen(line: String) {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(scene.server(line).toHost.isEmpty)
    #expect(scene.refusals.count == 1)
    #expect(scene.server(Lines.result(1)) == .init(toHost: ["="]))
  }

  @Test(arguments: [
    #"{"jsonrpc":"2.0","id":1}"#,
    #"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}"#,
    #"{"jsonrpc":"2.0","id":1,"error":"not an object"}"#,
    #"{"jsonrpc":"1.0","id":1,"result":{}}"#,
    #"{"jsonrpc":"2.0","Id":2,"id":1,"result":{}}"#,
    #"{"jsonrpc":"2.0","id":1,"result":{"text":"\ud800"}}"#,
    #"{"id" : 1, "result":{"a":1,"a":2}}"#,
    #"{"id":1,"result":{"text":"cut"#,
    #"{"result":{"a":["\ud800"]},"id":1}"#,
    #"{"jsonrpc":"2.0","result":{"text":"a" b"},"id":1}"#,
  ])
  func aBrokenAnswerIsToldToTheHost(line: String) {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(scene.server(line).toHost == [Lines.error(1, -32603, Words.answerRefused)])
    #expect(scene.server(Lines.result(1)) == .init())
  }

  @Test func anOversizeLineIsJudgedByBothItsEnds() {
    let long = String(repeating: "x", count: 1000)
    for (head, tail, isAnswer) in [
      (#"{"jsonrpc":"2.0","result":{"a":"\#(long)"#, #"x"},"id":1}"#, true),
      (#"{"_x":"\#(long)"#, #"x","id":1,"jsonrpc":"2.0","result":{}}"#, true),
      (#"{"level":"info","msg":"\#(long)"#, #"x","id":1}"#, false),
      (#"{"jsonrpc":"2.0","method":"roots/list","params":{"a":"\#(long)"#, #"x"},"id":1}"#, false),
      (#"{"params":{"a":"\#(long)"#, #"x"},"id":1,"method":"roots/list"}"#, false),
    ] {
      var scene = Scene()
      _ = scene.host(Lines.request(1, "resources/read"))
      let over = Words.answerOver(scene.name(.messageSize))
      let effect = scene.oversize(.server, head: head, tail: tail)
      #expect(
        effect.toHost == (isAnswer ? [Lines.error(1, -32603, over)] : []),
        "\(tail)")
    }
  }
}
