import Control
import Testing

@testable import Relay

/// Every bound: who is answered what, what the audit log is told, and that the session goes on.
@Suite struct BoundTests {
  private static let progress =
    #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#
  private static let message =
    #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}"#

  private static func cancelled(_ id: Int, _ name: String) -> String {
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id),"#
      + #""reason":"not answered within \#(name)"}}"#
  }

  @Test func nestingIsNamed() {
    var scene = Scene(limits: RelayLimits(nesting: 16))
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(scene.host(Lines.request(1, "x", #"{"a":\#(nested(14))}"#)).toServer == ["="])
    let over = "limits.nesting (16)"
    #expect(
      scene.host(Lines.request(2, "x", #"{"a":\#(nested(15))}"#)).toHost == [
        Lines.error(2, -32700, Words.messageOver(over))
      ])
    #expect(
      scene.server(Lines.request(3, "x", #"{"a":\#(nested(15))}"#)).toServer == [
        Lines.error(3, -32700, Words.messageOver(over))
      ])
    #expect(
      scene.server(Lines.result(1, #"{"a":\#(nested(15))}"#)).toHost == [
        Lines.error(1, -32603, Words.answerOver(over))
      ])
    #expect(
      scene.excesses == [
        "host limits.nesting 1", "server limits.nesting 1", "server limits.nesting 2",
      ])
    #expect(scene.log.contains { $0.contains("nested deeper than limits.nesting (16)") })
    #expect(scene.host(Lines.request(1, "ping")).toServer == ["="])
  }

  /// A refused request of the server's does not end a request of the host's that has the same id.
  @Test func aServersOwnRequestIsAnsweredAndNoOther() {
    var scene = Scene(limits: RelayLimits(nesting: 16))
    _ = scene.host(Lines.request(1, "ping"))
    let over = scene.name(.messageSize)
    let head = #"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"a":"bb"#
    #expect(
      scene.oversize(.server, head: head, tail: #"bb"}}"#)
        == .init(toServer: [Lines.error(1, -32600, Words.messageOver(over))]))
    #expect(scene.server(Lines.result(1)) == .init(toHost: ["="]))
  }

  @Test func pendingRequestsOfEachSideAreNamed() {
    var scene = Scene(limits: RelayLimits(pendingRequests: 2))
    for id in 1...2 { _ = scene.host(Lines.request(id, "x")) }
    let many = Words.tooManyPending("limits.pendingRequests (2)")
    #expect(scene.host(Lines.request(3, "x")).toHost == [Lines.error(3, -32603, many)])
    for id in 1...2 { _ = scene.server(Lines.request(id, "x")) }
    #expect(scene.server(Lines.request(3, "x")).toServer == [Lines.error(3, -32603, many)])
    #expect(
      scene.excesses == ["host limits.pendingRequests 1", "server limits.pendingRequests 1"])
    // What nobody waits for takes nobody's place.
    _ = scene.host(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
    #expect(scene.host(Lines.request(4, "x")).toServer == ["="])
    #expect(scene.host(Lines.request(5, "x")).toHost == [Lines.error(5, -32603, many)])
  }

  @Test func tooManyMessagesSlowTheirSenderDown() {
    var scene = Scene(limits: RelayLimits(messages: 10))
    for _ in 0..<100 { #expect(scene.server(Lines.changed).toHost == ["="]) }
    #expect(scene.session.isReading(.server))
    #expect(scene.server(Lines.changed).toHost == ["="])
    #expect(!scene.session.isReading(.server))
    #expect(scene.session.isReading(.host))
    #expect(scene.session.deadline == 100_000_000)
    _ = scene.pass(milliseconds: 99)
    #expect(!scene.session.isReading(.server))
    _ = scene.pass(milliseconds: 1)
    #expect(scene.session.isReading(.server))
    #expect(scene.session.deadline == nil)
    #expect(scene.excesses == ["server rates.messages 1"])
    #expect(
      scene.log == [
        "cordon: notes sends more than rates.messages (10 a second): it is read no faster than that"
      ])
  }

  @Test func aBatchCountsAsWhatIsInIt() {
    var scene = Scene(limits: RelayLimits(messages: 10))
    _ = scene.host(Lines.request(1, "initialize"))
    _ = scene.server(Lines.result(1, #"{"protocolVersion":"2025-03-26","capabilities":{}}"#))
    let note = #"{"jsonrpc":"2.0","method":"n"}"#
    _ = scene.host("[" + Array(repeating: note, count: 200).joined(separator: ",") + "]")
    #expect(!scene.session.isReading(.host))
  }

  @Test func tooMuchProgressIsDroppedAndCounted() {
    var scene = Scene(limits: RelayLimits(notifications: 100))
    let passed = (0..<10_000).count { _ in scene.server(Self.progress).toHost == ["="] }
    #expect(passed == 1001)
    // Log messages are counted by themselves, and the host's progress too.
    #expect(scene.server(Self.message).toHost == ["="])
    #expect(scene.host(Self.progress).toServer == ["="])
    #expect(scene.host(Self.message).toServer == ["="])
    // What is not one of them is not dropped, and a second later a second's worth passes again.
    #expect(scene.server(Lines.changed).toHost == ["="])
    _ = scene.pass(seconds: 1)
    #expect((0..<200).count { _ in scene.server(Self.progress).toHost == ["="] } == 100)
    let told = scene.excesses
    #expect(told.count == 14)
    #expect(told.last == "server rates.notifications (progress) 8192")
    #expect(scene.log.count == 1)
    _ = scene.end()
    #expect(scene.excesses.last == "server rates.notifications (progress) 9099")
  }

  @Test func tooManyLogMessagesAreDropped() {
    var scene = Scene(limits: RelayLimits(notifications: 1))
    #expect((0..<100).count { _ in scene.server(Self.message).toHost == ["="] } == 11)
    #expect(scene.excesses.first == "server rates.notifications (log messages) 1")
  }

  @Test func aRequestThatTakesTooLongIsAnsweredAndItsAnswerDropped() throws {
    var scene = Scene(limits: RelayLimits(request: 10))
    #expect(scene.host(Lines.request(1, "resources/read")).toServer == ["="])
    _ = scene.pass(seconds: 9)
    #expect(scene.server(Self.progress).toHost == ["="])
    #expect(scene.host(Lines.request(2, "resources/read")).toServer == ["="])
    let name = "timeouts.request (10 s)"
    #expect(
      scene.pass(seconds: 1)
        == .init(
          toHost: [Lines.error(1, -32603, Words.unanswered(name))],
          toServer: [Self.cancelled(1, name)]))
    #expect(scene.server(Lines.result(1)) == .init())
    #expect(scene.server(Lines.result(2)) == .init(toHost: ["="]))
    #expect(scene.refusals == ["server late-answer"])
    #expect(scene.excesses == ["server timeouts.request 1"])
    // The id is free once the late answer has come.
    #expect(scene.host(Lines.request(1, "resources/read")).toServer == ["="])
  }

  @Test func aCallThatTakesTooLongIsInTheAuditLog() {
    var scene = Scene(limits: RelayLimits(request: 10))
    scene.firstUseTrusts = true
    _ = scene.host(Lines.request(1, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [Lines.echo]))
    _ = scene.host(Lines.call(2, "echo"))
    #expect(scene.pass(seconds: 11).toHost.count == 1)
    #expect(scene.events("call").map { $0["outcome"] } == ["timeout"])
    #expect(scene.end() == .init())
    #expect(scene.events("call").count == 1)
  }

  @Test func aCallThatWaitsForTheListIsAnsweredToo() {
    var scene = Scene(limits: RelayLimits(request: 10))
    _ = scene.host(Lines.call(1, "echo"))
    #expect(
      scene.pass(seconds: 11)
        == .init(
          toHost: [Lines.error(1, -32603, Words.unanswered("timeouts.request (10 s)"))]))
    #expect(scene.session.heldBytes == 0)
    // The server never saw it.
    scene.firstUseTrusts = true
    #expect(scene.server(Lines.ownResult(1, [Lines.echo])).toServer == [])
  }

  @Test func aHandshakeThatTakesTooLongIsAnsweredAndNotCancelled() {
    for method in ["initialize", "server/discover"] {
      var scene = Scene(limits: RelayLimits(handshake: 5))
      _ = scene.host(Lines.request(1, method))
      #expect(scene.pass(seconds: 4) == .init())
      #expect(
        scene.pass(seconds: 1)
          == .init(
            toHost: [Lines.error(1, -32603, Words.unanswered("timeouts.handshake (5 s)"))]))
      #expect(scene.server(Lines.result(1)) == .init())
      #expect(scene.excesses == ["server timeouts.handshake 1"])
      // The session goes on: the host may ask again.
      #expect(scene.host(Lines.request(2, method)).toServer == ["="])
      #expect(
        scene.server(Lines.result(2, #"{"protocolVersion":"2025-06-18","capabilities":{}}"#)).toHost
          == ["="])
    }
  }

  @Test func aServersRequestThatTakesTooLongIsAnsweredAndItsAnswerDropped() {
    var scene = Scene(limits: RelayLimits(request: 10))
    #expect(scene.server(Lines.request(1, "elicitation/create")).toHost == ["="])
    let name = "timeouts.request (10 s)"
    #expect(
      scene.pass(seconds: 10)
        == .init(
          toHost: [Self.cancelled(1, name)],
          toServer: [Lines.error(1, -32603, Words.unanswered(name))]))
    #expect(scene.host(Lines.result(1)) == .init())
    #expect(scene.refusals == ["host late-answer"])
  }

  @Test func whatStaysOpenForAsLongAsItIsWantedHasNoLimit() {
    var scene = Scene(limits: RelayLimits(request: 10))
    _ = scene.host(Lines.request(1, "subscriptions/listen", #"{"notifications":{}}"#))
    _ = scene.host(Lines.request(2, "tasks/result", #"{"taskId":"1"}"#))
    #expect(scene.session.clock.deadline == nil)
    #expect(scene.pass(seconds: 1000) == .init())
  }

  /// However they come, all are looked at a hundred times in a limit's length at most.
  @Test func manyThatExpireOneByOneCostLittle() {
    var scene = Scene(limits: RelayLimits(request: 1))
    for id in 0..<2_000 {
      scene.now = UInt64(id) * 500_000
      _ = scene.host(Lines.request(id, "x"))
    }
    var ticks = 0
    var answers = 0
    while let deadline = scene.session.deadline {
      scene.now = max(scene.now, deadline)
      answers += scene.pass(milliseconds: 0).toHost.count
      ticks += 1
    }
    #expect(answers == 2_000)
    #expect(ticks <= 110, "\(ticks)")
  }

  @Test func tableKeepsNoMoreOfWhatNobodyWaitsForThanItMay() {
    var scene = Scene(limits: RelayLimits(pendingRequests: 4, request: 1))
    for round in 0..<400 {
      for id in 0..<4 { #expect(scene.host(Lines.request(round * 4 + id, "x")).toServer == ["="]) }
      #expect(scene.pass(seconds: 2).toHost.count == 4)
    }
    #expect(scene.session.fromHost.count == 1_000)
    #expect(!scene.session.isAsking)
  }
}
