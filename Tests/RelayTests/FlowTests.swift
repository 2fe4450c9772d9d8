import Control
import Testing

@testable import Relay

/// Flows that take several messages: pages, rounds, tasks.
@Suite struct FlowTests {
  private static let modern = "\(Lines.meta)}"

  /// A scene in which `echo` is listed and approved.
  private func listed(modern: Bool = false) throws -> Scene {
    var scene = Scene(notice: false)
    scene.approved = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    _ = scene.host(
      Lines.request(1, "tools/list", modern ? #"{"_meta":\#(Self.modern)}"# : nil))
    _ = scene.server(Lines.ownResult(1, [Lines.echo]))
    scene.reports = []
    return scene
  }

  @Test func anEmptyCursorIsACursor() throws {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo), try Lines.pinned(Lines.add)]
    _ = scene.pins()
    // The server's: the next page is asked for with it, and null ends the list as its absence does.
    _ = scene.host(Lines.request(1, "tools/list"))
    #expect(
      scene.server(Lines.ownResult(1, [Lines.echo], more: #","nextCursor":"""#))
        == .init(toServer: [Lines.own(2, #"{"cursor":""}"#)]))
    #expect(
      scene.server(Lines.ownResult(2, [Lines.add], more: #","nextCursor":null"#)).toHost == [
        Lines.list(1, [Lines.echo, Lines.add])
      ])
    // The host's: Cordon gave out none, the empty one included.
    #expect(
      scene.host(Lines.request(2, "tools/list", #"{"cursor":""}"#)).toHost == [
        Lines.error(2, -32602, Words.unknownCursor(.tools))
      ])
    #expect(scene.host(Lines.request(3, "tools/list", #"{"cursor":null}"#)).toServer.count == 1)
  }

  @Test(arguments: ["resources/list", "tasks/list"])
  func pagesOfOtherListsPassAsTheyAre(method: String) {
    var scene = Scene()
    #expect(
      scene.host(Lines.request(1, method, #"{"cursor":""}"#)) == .init(toServer: ["="]))
    #expect(
      scene.server(Lines.result(1, #"{"items":[],"nextCursor":""}"#)) == .init(toHost: ["="]))
  }

  @Test func progressPassesBothWays() {
    var scene = Scene()
    let line =
      #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"","progress":1e0}}"#
    #expect(scene.host(line) == .init(toServer: ["="]))
    #expect(scene.server(line) == .init(toHost: ["="]))
  }

  /// The state is the server's and opaque: escapes, spaces and all come back as they were given.
  private static let state = #"{"requestState":"a\/\u0041 \\\"\t","n":[1.0, 1e2 ]}"#

  @Test(arguments: ["tools/call", "resources/read"])
  func aRoundTripPassesByteForByte(method: String) throws {
    var scene = try listed(modern: true)
    let ask = #"{"name":"echo","uri":"x:y","_meta":\#(Self.modern)}"#
    #expect(scene.host(Lines.request(2, method, ask)) == .init(toServer: ["="]))
    let required =
      #"{"resultType":"input_required","requestState":\#(Self.state),"inputRequests":{"k":{"method":"elicitation/create","params":{"mode":"url"}}}}"#
    #expect(scene.server(Lines.result(2, required)) == .init(toHost: ["="]))
    let retry =
      #"{"name":"echo","uri":"x:y","requestState":\#(Self.state),"inputResponses":{"k":{"action":"accept"}},"_meta":\#(Self.modern)}"#
    #expect(scene.host(Lines.request(3, method, retry)) == .init(toServer: ["="]))
    #expect(scene.server(Lines.result(3, #"{"resultType":"complete"}"#)) == .init(toHost: ["="]))
    #expect(scene.refusals.isEmpty)
    if method == "tools/call" {
      #expect(scene.events("call").map { $0["outcome"] } == ["input-required", "result"])
    }
  }

  @Test func aRetryIsCheckedAgainstThePinsLikeAnyCall() throws {
    var scene = try listed(modern: true)
    let ask = #"{"name":"echo","_meta":\#(Self.modern)}"#
    _ = scene.host(Lines.request(2, "tools/call", ask))
    _ = scene.server(Lines.result(2, #"{"resultType":"input_required","requestState":"s"}"#))
    // The definition changes between the rounds.
    _ = scene.server(Lines.changed)
    let retry = Lines.request(
      3, "tools/call", #"{"name":"echo","requestState":"s","_meta":\#(Self.modern)}"#)
    let own = scene.host(retry).toServer
    #expect(own == [Lines.own(2, #"{"_meta":\#(Self.modern)}"#)])
    #expect(
      scene.server(Lines.ownResult(2, [Lines.poisoned])).toHost.first
        == Lines.toolError(3, words.unapproved, modern: true))
    // The retry that waits keeps its bytes.
    var other = try listed(modern: true)
    _ = other.server(Lines.changed)
    let spaced = Lines.request(
      3, "tools/call", #"{ "name":"echo","requestState":"\u0073" ,"_meta":\#(Self.modern)}"#)
    _ = other.host(spaced)
    #expect(other.server(Lines.ownResult(2, [Lines.echo])).toServer == [spaced])
  }

  @Test(arguments: [
    (#"{"task":{"taskId":"t","status":"working"}}"#, "task"),
    (#"{"resultType":"task","taskId":"t","status":"working"}"#, "task"),
    (#"{"content":[{"type":"text","text":"taskId"}]}"#, "result"),
  ])
  func aCallMayBecomeATask(result: String, outcome: String) throws {
    var scene = try listed()
    let call = Lines.request(2, "tools/call", #"{"name":"echo","task":{"ttl":60000}}"#)
    #expect(scene.host(call) == .init(toServer: ["="]))
    #expect(scene.server(Lines.result(2, result)) == .init(toHost: ["="]))
    #expect(scene.events("call").map { $0["outcome"] } == [outcome])
  }

  @Test(arguments: ["tasks/get", "tasks/result", "tasks/list", "tasks/cancel"])
  func eitherSideAsksForItsTasks(method: String) {
    var scene = Scene()
    let ask = Lines.request(5, method, #"{"taskId":"t"}"#)
    #expect(scene.host(ask) == .init(toServer: ["="]))
    #expect(scene.server(ask) == .init(toHost: ["="]))
    let answer = Lines.result(5, #"{"taskId":"t","status":"completed"}"#)
    #expect(scene.server(answer) == .init(toHost: ["="]))
    #expect(scene.host(answer) == .init(toServer: ["="]))
    let told = #"{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"t"}}"#
    #expect(scene.host(told) == .init(toServer: ["="]))
    #expect(scene.server(told) == .init(toHost: ["="]))
  }

  @Test func aHostThatAskedForATaskHearsAnErrorNotAResult() throws {
    var scene = try listed()
    let params = #"{"name":"gone","task":{}}"#
    #expect(
      scene.host(Lines.request(2, "tools/call", params)).toHost == [
        Lines.error(2, -32602, words.unlisted)
      ])
    // In the modern era the server alone decides on tasks, and a result is always an answer.
    let modern = #"{"name":"gone","task":{},"_meta":\#(Self.modern)}"#
    #expect(
      scene.host(Lines.request(3, "tools/call", modern)).toHost == [
        Lines.toolError(3, words.unlisted, modern: true)
      ])
  }
}
