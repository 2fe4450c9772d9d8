import Control
import Testing

@testable import Relay

@Suite struct PassageTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let line: String
    /// Nil where nothing is answered.
    var reply: String?
    var reason = ""
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "request", line: Lines.request(1, "ping")),
    Case(name: "unknown method", line: Lines.request(1, "vendor/x", #"{"a":[1,{"b":null}]}"#)),
    Case(name: "string id", line: #"{"jsonrpc":"2.0","id":"é","method":"resources/list"}"#),
    Case(name: "id behind", line: #"{"method":"x","params":{},"id":-7,"jsonrpc":"2.0"}"#),
    Case(name: "unknown field", line: #"{"jsonrpc":"2.0","id":1,"method":"x","extra":1}"#),
    Case(name: "notification", line: #"{"jsonrpc":"2.0","method":"notifications/progress"}"#),
    Case(name: "white space", line: #" {"jsonrpc" : "2.0" ,"method": "n"} "#),
  ])
  func passesUntouched(_ test: Case) {
    var scene = Scene()
    #expect(scene.host(test.line) == .init(toServer: ["="]))
    var other = Scene()
    #expect(other.server(test.line) == .init(toHost: ["="]))
    #expect(scene.refusals.isEmpty && other.refusals.isEmpty)
  }

  @Test(arguments: [
    Case(name: "not JSON", line: "hello", reason: "unexpected-byte"),
    Case(
      name: "duplicate key", line: #"{"jsonrpc":"2.0","id":1,"method":"a","m\u0065thod":"b"}"#,
      reply: "-32700", reason: "duplicate-key"),
    Case(
      name: "id null", line: #"{"jsonrpc":"2.0","id":null,"method":"a"}"#, reason: "invalid-id"),
    Case(
      name: "fractional id", line: #"{"jsonrpc":"2.0","id":1.5,"method":"a"}"#,
      reason: "invalid-id"),
    Case(
      name: "no version", line: #"{"id":3,"method":"a"}"#, reply: "-32600",
      reason: "jsonrpc-version"),
    Case(name: "two documents", line: "{}{}", reason: "trailing-content"),
    Case(name: "byte order mark", line: "\u{FEFF}{}", reason: "byte-order-mark"),
    Case(
      name: "own id", line: #"{"jsonrpc":"2.0","id":"cordon-7-1","method":"a"}"#, reply: "-32600",
      reason: "reserved-id"),
    Case(name: "answer to nothing", line: Lines.result(9), reason: "answer-to-nothing"),
    Case(name: "error to nothing", line: Lines.error(9, 1, "x"), reason: "answer-to-nothing"),
    Case(name: "batch", line: "[\(Lines.request(4, "ping"))]", reply: "-32600", reason: "batch"),
  ])
  func refusesFromTheHost(_ test: Case) {
    var scene = Scene()
    let effect = scene.host(test.line)
    #expect(effect.toServer.isEmpty)
    #expect(effect.toHost.count == (test.reply == nil ? 0 : 1))
    if let code = test.reply { #expect(effect.toHost[0].contains(#""code":\#(code),"#)) }
    #expect(scene.refusals.first == "host \(test.reason)")
  }

  @Test(arguments: [
    Case(name: "text", line: "Server ready \u{1B}[2J", reason: "unexpected-byte"),
    Case(name: "answer to nothing", line: Lines.result(9), reason: "answer-to-nothing"),
    Case(name: "batch", line: "[\(Lines.result(9))]", reason: "batch"),
    Case(
      name: "no id", line: #"{"jsonrpc":"2.0","error":{"code":1,"message":"x"}}"#,
      reason: "error-without-id"),
  ])
  func refusesFromTheServer(_ test: Case) {
    var scene = Scene()
    let effect = scene.server(test.line)
    #expect(effect == .init())
    #expect(scene.refusals == ["server \(test.reason)"])
  }

  @Test func whatIsNoMessageGoesToTheLogWithoutItsControls() {
    var scene = Scene()
    _ = scene.server("Ready \u{1B}[2J")
    #expect(scene.log == [#"cordon: notes printed what is not a message: Ready \x1b[2J"#])
    for _ in 0..<1000 { _ = scene.server("again") }
    #expect(scene.log.count == 100)
    // One by one up to a hundred, then at each doubling.
    #expect(scene.refusals.count == 100 + 3)
  }

  @Test func aHostWhoseAnswerIsBrokenIsTold() {
    for line in [
      #"{"jsonrpc":"2.0","id":1,"result":{"text":"\ud800"}}"#,
      #"{"id" : 1, "result":{"a":1,"a":2},"jsonrpc":"2.0"}"#,
    ] {
      var scene = Scene()
      _ = scene.host(Lines.request(1, "resources/read"))
      #expect(scene.server(line).toHost == [Lines.error(1, -32603, Words.answerRefused)])
      // Its id is free again.
      #expect(scene.host(Lines.request(1, "ping")).toServer == ["="])
    }
  }

  @Test(arguments: [
    #"","x":1}]},"jsonrpc":"2.0","id":1}"#,
    #"","more":"a\\\"b\\\\" } , "id" : 1 , "jsonrpc":"2.0" } "#,
    #"text"},"id":1,"_meta":{"a":["}",{"b":"\""}]},"ok":true}"#,
  ])
  func aHostIsToldThoughTheIdComesLast(tail: String) {
    let long = String(repeating: "x", count: 10_000)
    let head = #"{"result":{"content":[{"type":"text","text":"\#(long)"#
    var scene = Scene()
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(
      scene.oversize(.server, head: head, tail: tail).toHost == [
        Lines.error(1, -32603, Words.answerOver(scene.name(.messageSize)))
      ])
    // The whole line was there, and is broken.
    var broken = Scene()
    _ = broken.host(Lines.request(1, "resources/read"))
    #expect(
      broken.server(head + #"\ud800"}]},"jsonrpc":"2.0","id":1}"#).toHost == [
        Lines.error(1, -32603, Words.answerRefused)
      ])
    // A request of the host's own.
    #expect(
      broken.oversize(
        .host, head: #"{"method":"x","params":{"a":[{"b":"\#(long)"#, tail: tail
      ).toHost == [Lines.error(1, -32600, Words.messageOver(broken.name(.messageSize)))])
    #expect(broken.oversize(.host, head: head, tail: tail) == .init())
  }

  @Test func requestsAndAnswersMatchInBothDirections() {
    var scene = Scene()
    _ = scene.host(Lines.request(1, "ping"))
    #expect(
      scene.host(Lines.request(1, "ping")).toHost == [Lines.error(1, -32600, Words.duplicateID)])
    #expect(scene.server(Lines.result(1)) == .init(toHost: ["="]))
    #expect(scene.server(Lines.result(1)) == .init())
    // 1 and "1" are two ids, and each side has its own.
    #expect(scene.server(Lines.request(1, "roots/list")) == .init(toHost: ["="]))
    #expect(scene.server(Lines.request(1, "roots/list")) == .init())
    #expect(scene.host(#"{"jsonrpc":"2.0","id":"1","result":{}}"#) == .init())
    #expect(scene.host(Lines.error(1, -1, "no")) == .init(toServer: ["="]))
    #expect(scene.host(Lines.result(1)) == .init())
    #expect(
      scene.refusals == [
        "host duplicate-id", "server answer-to-nothing", "server duplicate-id",
        "host answer-to-nothing", "host answer-to-nothing",
      ])
  }

  @Test func pendingRequestsAreBounded() {
    var scene = Scene()
    let many = Words.tooManyPending("limits.pendingRequests (10000)")
    for id in 0..<10_000 { _ = scene.host(Lines.request(id, "ping")) }
    #expect(
      scene.host(Lines.request(10_000, "ping"))
        == .init(toHost: [Lines.error(10_000, -32603, many)]))
    for id in 0..<10_000 { _ = scene.server(Lines.request(id, "ping")) }
    #expect(
      scene.server(Lines.request(10_000, "ping"))
        == .init(toServer: [Lines.error(10_000, -32603, many)]))
    #expect(scene.server(Lines.result(0)) == .init(toHost: ["="]))
    #expect(scene.host(Lines.request(10_000, "ping")).toServer == ["="])
  }

  @Test func cancelledRequestsDoNotFillTheTable() {
    var scene = Scene()
    for id in 0..<12_000 {
      _ = scene.host(Lines.request(id, "x"))
      _ = scene.host(
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#)
    }
    #expect(scene.session.fromHost.count == 1_000)
    #expect(scene.refusals.isEmpty)
    #expect(scene.server(Lines.result(11_999)) == .init(toHost: ["="]))
  }

  @Test func linesThatAreNotOneForEveryReaderAreRewritten() {
    var scene = Scene()
    let nested = #"{"jsonrpc":"2.0","id":5,"method":"tools/list"}"#
    #expect(
      scene.host("{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":{\"a\":\r\(nested)\r}}")
        == .init(toServer: [#"{"jsonrpc":"2.0","method":"n","params":{"a": \#(nested) }}"#]))
    #expect(
      scene.server("{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":{\"a\":\"\u{2028}\"}}")
        == .init(toHost: [#"{"jsonrpc":"2.0","method":"n","params":{"a":"\u2028"}}"#]))
  }

  @Test func oversizeLinesAreAnsweredWhereTheirBeginningTellsWhom() {
    var scene = Scene()
    let name = "limits.messageSize (1048576 bytes)"
    _ = scene.host(Lines.request(1, "ping"))
    let head = Array(#"{"jsonrpc":"2.0","id":1,"result":{"text":"aaaa"#.utf8)
    unsafe head.withUnsafeBytes {
      scene.session.refuseOversize(.server, head: unsafe Line($0), at: 0)
    }
    #expect(
      scene.session.outputs.contains(
        .host(Array((Lines.error(1, -32603, Words.answerOver(name)) + "\n").utf8))))
    scene.session.outputs = []
    let ask = Array(#"{"jsonrpc":"2.0","id":2,"method":"x","params":{"text":"aaaa"#.utf8)
    unsafe ask.withUnsafeBytes {
      scene.session.refuseOversize(.host, head: unsafe Line($0), at: 0)
    }
    #expect(
      scene.session.outputs.contains(
        .host(Array((Lines.error(2, -32600, Words.messageOver(name)) + "\n").utf8))))
  }
}
