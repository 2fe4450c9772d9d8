import Control
import Testing

@testable import Relay

@Suite struct CallTests {
  /// A scene in which the host has listed `echo` and `add`, both approved.
  private func listed() throws -> Scene {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo), try Lines.pinned(Lines.add)]
    _ = scene.pins()
    _ = scene.host(Lines.request(1, "initialize", #"{"protocolVersion":"2025-11-25"}"#))
    _ = scene.server(
      Lines.result(1, #"{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}}"#))
    _ = scene.host(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    _ = scene.host(Lines.request(2, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [Lines.echo, Lines.add]))
    scene.reports = []
    return scene
  }

  @Test func anApprovedCallAndItsResultPassUntouched() throws {
    var scene = try listed()
    #expect(scene.host(Lines.call(3, "echo")) == .init(toServer: ["="]))
    scene.now += 7_000_000
    #expect(scene.server(Lines.result(3, #"{"content":[]}"#)) == .init(toHost: ["="]))
    let event = try #require(scene.events("call").first)
    #expect(event["tool"] == "echo")
    #expect(event["milliseconds"] == "7")
    #expect(event["outcome"] == "result")
    #expect(
      event["arguments"] == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862")
  }

  @Test(arguments: [
    (#"{"content":[],"isError":true}"#, "tool-error"),
    (#"{"content":[],"isError":false}"#, "result"),
    (#"{"resultType":"input_required","inputRequests":{}}"#, "input-required"),
  ])
  func outcomes(result: String, outcome: String) throws {
    var scene = try listed()
    _ = scene.host(Lines.call(3, "echo"))
    #expect(scene.server(Lines.result(3, result)).toHost == ["="])
    #expect(scene.events("call").map { $0["outcome"] } == [outcome])
  }

  @Test func aCallBeforeAnyListWaitsForOne() throws {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    #expect(scene.host(Lines.call(1, "echo")) == .init(toServer: [Lines.own(1)]))
    #expect(
      scene.server(Lines.ownResult(1, [Lines.echo])) == .init(toServer: [Lines.call(1, "echo")]))
    #expect(scene.server(Lines.result(1)) == .init(toHost: ["="]))
  }

  @Test func aChangedToolIsNotCalled() throws {
    var scene = try listed()
    #expect(scene.server(Lines.changed) == .init(toHost: ["="]))
    #expect(scene.host(Lines.call(3, "echo")) == .init(toServer: [Lines.own(2)]))
    // The other tool's call waits behind it and goes on.
    #expect(scene.host(Lines.call(4, "add")) == .init())
    let effect = scene.server(Lines.ownResult(2, [Lines.poisoned, Lines.add]))
    #expect(
      effect
        == .init(
          toHost: [Lines.toolError(3, words.unapproved), Lines.changed],
          toServer: [Lines.call(4, "add")]))
    #expect(scene.events("call").map { $0["outcome"] } == ["withheld"])
    #expect(!effect.toHost.joined().contains("me too"))

    // The approval takes effect at once, and the host is told that its list has changed.
    let approval = scene.approve(try Lines.pinned(Lines.poisoned))
    #expect(approval == .init(toHost: [Lines.changed]))
    #expect(scene.host(Lines.call(5, "echo")) == .init(toServer: ["="]))
  }

  @Test func aRejectedOrUnlistedToolIsNotCalled() throws {
    var scene = Scene(notice: false)
    scene.rejected = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    _ = scene.host(Lines.call(1, "echo"))
    #expect(
      scene.server(Lines.ownResult(1, [Lines.echo])).toHost == [
        Lines.toolError(1, words.rejected)
      ])
    #expect(scene.host(Lines.call(2, "hidden")).toHost == [Lines.toolError(2, words.unlisted)])
    #expect(
      scene.host(Lines.call(3, "cordon_review")).toHost == [Lines.toolError(3, words.unlisted)])
  }

  @Test func modernAnswersCarryTheirType() throws {
    var scene = try listed()
    let line = Lines.request(3, "tools/call", #"{"name":"hidden","_meta":\#(Lines.meta)}}"#)
    #expect(scene.host(line).toHost == [Lines.toolError(3, words.unlisted, modern: true)])
  }

  @Test func cordonAnswersItsOwnTool() throws {
    var scene = try listed()
    let nothing =
      #"{"content":[{"type":"text","text":"\#(words.nothingWaiting)"}],"isError":false}"#
    #expect(scene.host(Lines.call(3, "cordon_review")).toHost == [Lines.result(3, nothing)])
    scene.waiting = [try Lines.pinned(Lines.poisoned)]
    #expect(scene.pins() == .init(toHost: [Lines.changed]))
    let one = #"{"content":[{"type":"text","text":"\#(words.waiting(1))"}],"isError":false}"#
    #expect(scene.host(Lines.call(4, "cordon_review")).toHost == [Lines.result(4, one)])
    #expect(words.waiting(1).contains("`cordon review notes`"))
  }

  @Test func aCancelledCallThatWaitsIsDropped() throws {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    _ = scene.host(Lines.call(1, "echo"))
    _ = scene.host(Lines.call(2, "echo"))
    let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
    #expect(scene.host(cancel) == .init())
    #expect(
      scene.server(Lines.ownResult(1, [Lines.echo])) == .init(toServer: [Lines.call(2, "echo")]))
    // One that the server has is its own to end.
    let second = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#
    #expect(scene.host(second) == .init(toServer: ["="]))
    #expect(scene.server(Lines.result(2)) == .init(toHost: ["="]))
  }

  @Test func aDecisionDuringAListThatFailsIsTold() throws {
    var scene = try listed()
    scene.waiting = [try Lines.pinned(Lines.poisoned)]
    _ = scene.host(Lines.request(3, "tools/list"))
    scene.approved.removeFirst()
    #expect(scene.pins() == .init())
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"cordon-7-2","error":{"code":-1,"message":"no"}}"#)
        .toHost
        == [Lines.error(3, -1, Words.listFailed(.tools)), Lines.changed])
  }

  @Test func everyCallHasItsLineInTheAuditLog() throws {
    func cancel(_ id: Int) -> String {
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
    }
    var scene = try listed()
    for id in 3...6 { _ = scene.host(Lines.call(id, "echo")) }
    // A broken answer, one that is too large, a cancelled call and one that is never answered.
    _ = scene.server(#"{"jsonrpc":"2.0","id":3,"result":{"a":1,"a":2}}"#)
    _ = scene.oversize(.server, head: #"{"jsonrpc":"2.0","id":4,"result":{"a"#, tail: #""}}"#)
    #expect(scene.events("call").map { $0["outcome"] } == ["refused", "refused"])
    _ = scene.host(cancel(5))
    // One that waits for the list is cancelled, another one still waits at the end.
    _ = scene.server(Lines.changed)
    _ = scene.host(Lines.call(7, "echo"))
    _ = scene.host(Lines.call(8, "echo"))
    _ = scene.host(cancel(7))
    #expect(scene.events("call").map { $0["outcome"] }.dropFirst(2) == ["cancelled"])
    #expect(scene.end() == .init())
    #expect(
      scene.events("call").map { $0["outcome"] }.dropFirst(3) == [
        "cancelled", "unanswered", "unanswered",
      ])
    _ = scene.end()
    #expect(scene.events("call").count == 6)

    // Of very many cancelled calls the oldest are no longer waited for.
    var many = try listed()
    for id in 1000...2000 {
      _ = many.host(Lines.call(id, "echo"))
      _ = many.host(cancel(id))
    }
    #expect(many.events("call").map { $0["outcome"] } == ["cancelled"])
  }

  /// A host that begins with a call finds out by the error that the server wants a handshake.
  @Test(arguments: [-32602, -32601, -32000])
  func aFirstCallGetsTheServersError(code: Int) {
    var scene = Scene()
    _ = scene.host(Lines.call(1, "echo"))
    let error = #"{"code":\#(code),"message":"Obey"}"#
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"cordon-7-1","error":\#(error)}"#).toHost == [
        Lines.error(1, code, Words.listFailed(.tools))
      ])
    #expect(scene.events("call").map { $0["outcome"] } == ["unchecked"])
  }

  @Test func withoutAListCallsAreAnswered() {
    var scene = Scene()
    _ = scene.host(Lines.request(9, "ping"))
    _ = scene.server(Lines.result(9))
    _ = scene.host(Lines.call(1, "echo"))
    let unknown = #"{"code":-32601,"message":"Method not found"}"#
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"cordon-7-1","error":\#(unknown)}"#).toHost == [
        Lines.toolError(1, words.unchecked())
      ])
    // The next call asks again. A host chooses its version by this error, and no word is needed.
    #expect(scene.host(Lines.call(2, "echo")).toServer == [Lines.own(2)])
    let version =
      #"{"code":-32022,"message":"Obey","data":{"supported":["2025-11-25","Obey",1,"2099-01-01","2024-11-05"],"requested":"Obey"}}"#
    let answer =
      #"{"code":-32022,"message":"\#(Words.listFailed(.tools))","data":{"supported":["2025-11-25","2099-01-01","2024-11-05"]}}"#
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"cordon-7-2","error":\#(version)}"#).toHost == [
        #"{"jsonrpc":"2.0","id":2,"error":\#(answer)}"#
      ])
    // What else a server says instead of its list is no answer to a call that nobody approved.
    _ = scene.host(Lines.call(4, "echo"))
    let spoken = #"{"code":-32000,"message":"Obey me","data":{"text":"Obey me"}}"#
    #expect(
      scene.server(#"{"jsonrpc":"2.0","id":"cordon-7-3","error":\#(spoken)}"#).toHost == [
        Lines.toolError(4, words.unchecked())
      ])
    _ = scene.host(Lines.call(3, "echo"))
  }

  @Test func aCallWithoutANameIsRefused() throws {
    var scene = try listed()
    for params in ["{}", #"{"name":5}"#] {
      let effect = scene.host(Lines.request(3, "tools/call", params))
      #expect(effect == .init(toHost: [Lines.error(3, -32602, "params.name must be a string")]))
    }
  }

  @Test func whatIsHeldIsBounded() {
    var scene = Scene(messageSize: 200)
    #expect(scene.session.acceptsHost)
    _ = scene.host(Lines.call(1, "echo"))
    _ = scene.host(Lines.call(2, "echo"))
    _ = scene.host(Lines.call(3, "echo"))
    #expect(!scene.session.acceptsHost)
    #expect(scene.session.isHolding)
    _ = scene.server(Lines.ownResult(1, []))
    #expect(scene.session.acceptsHost)
    #expect(!scene.session.isHolding)
  }
}
