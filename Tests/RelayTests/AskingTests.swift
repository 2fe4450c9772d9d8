import Control
import Credentials
import JSON
import Manifest
import Testing

@testable import Relay

/// A question to whoever sits at the host, in both eras, and hosts that answer as they should not.
@Suite struct AskingTests {
  private static let legacyForms = #"{"elicitation":{"form":{}}}"#
  private static let asks = "may echo be used?"

  private static let form =
    #"{"message":"may echo be used?","requestedSchema":{"type":"object","properties":{"decision":{"type":"string","title":"Decision","description":"approve: the tool may be used as it is described now. reject: it stays away until it changes. later: nothing is decided.","enum":["later","reject","approve"]}},"required":["decision"]}}"#
  private static let namedForm = #"{"mode":"form","# + form.dropFirst()

  private static func put(_ token: Int, _ params: String = namedForm) -> String {
    #"{"jsonrpc":"2.0","id":"cordon-question-token\#(token)","method":"elicitation/create","params":\#(params)}"#
  }

  private static func answer(_ token: Int, _ result: String) -> String {
    #"{"jsonrpc":"2.0","id":"cordon-question-token\#(token)","result":\#(result)}"#
  }

  private static func accept(_ decision: String) -> String {
    #"{"action":"accept","content":{"decision":"\#(decision)"}}"#
  }

  private static func withdrawn(_ token: Int, _ why: String = "no longer asked") -> String {
    #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"cordon-question-token\#(token)","reason":"\#(why)"}}"#
  }

  /// A host that has listed `echo`, which waits, and `add`, which is approved.
  private func legacy(
    _ capabilities: String = legacyForms, version: String = "2025-11-25",
    rules: ProtocolRules = ProtocolRules(), seconds: Int? = 60
  ) throws -> Scene {
    var scene = Scene(notice: false, rules: rules, questionSeconds: seconds)
    scene.approved = [try Lines.pinned(Lines.add)]
    _ = scene.pins()
    _ = scene.host(
      Lines.request(
        1, "initialize",
        #"{"protocolVersion":"\#(version)","capabilities":\#(capabilities)}"#))
    _ = scene.server(
      Lines.result(1, #"{"protocolVersion":"\#(version)","capabilities":{"tools":{}}}"#))
    _ = scene.host(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    _ = scene.host(Lines.request(2, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [Lines.echo, Lines.add]))
    scene.reports = []
    return scene
  }

  private func echo() throws -> PinnedItem { try Lines.pinned(Lines.echo) }

  // MARK: Before the modern era

  @Test func anApprovalLetsTheHeldCallGoOn() throws {
    var scene = try legacy()
    #expect(scene.host(Lines.call(3, "echo")) == .init())
    #expect(scene.asked == [.ask(number: 1, item: try echo())])
    #expect(scene.question(1, Self.asks) == .init(toHost: [Self.put(1)]))
    // The rest of the session goes on meanwhile.
    #expect(scene.host(Lines.call(4, "add")) == .init(toServer: ["="]))
    #expect(scene.host(Self.answer(1, Self.accept("approve"))) == .init())
    #expect(scene.asked.last == .answered(number: 1, .approve))
    // The pins alone release nothing: the supervisor says when all of it has happened.
    #expect(scene.approve(try echo()).toServer.isEmpty)
    #expect(scene.decided(1) == .init(toServer: [Lines.call(3, "echo")]))
    #expect(scene.server(Lines.result(3)) == .init(toHost: ["="]))
    #expect(scene.events("call").map { $0["outcome"] } == ["result"])
  }

  static let undecided: [(result: String, answer: HostAnswer)] = [
    (#"{"action":"accept"}"#, .unclear),
    (#"{"action":"accept","content":{}}"#, .unclear),
    (#"{"action":"accept","content":null}"#, .unclear),
    (#"{"action":"accept","content":{"decision":true}}"#, .unclear),
    (#"{"action":"accept","content":{"decision":"yes"}}"#, .unclear),
    (#"{"action":"accept","content":{"decision":"Approve"}}"#, .unclear),
    (#"{"action":"accept","content":{"decision":["approve"]}}"#, .unclear),
    (#"{"action":"accept","content":{"approve":"approve"}}"#, .unclear),
    (#"{"action":"accept","content":{"Decision":"approve"}}"#, .unclear),
    (#"{"action":"accept","content":{"decision":"later"}}"#, .later),
    (#"{"action":"decline","content":{"decision":"approve"}}"#, .declined),
    (#"{"action":"cancel"}"#, .cancelled),
    (#"{"action":"ACCEPT","content":{"decision":"approve"}}"#, .failed),
    (#"{"action":"accept","Content":{"decision":"approve"}}"#, .failed),
    (#"{"content":{"decision":"approve"}}"#, .failed),
    (#"{}"#, .failed),
  ]

  @Test(arguments: undecided)
  func whatIsNoChoiceDecidesNothing(result: String, answer: HostAnswer) throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    #expect(scene.host(Self.answer(1, result)) == .init())
    #expect(scene.asked.last == .answered(number: 1, answer))
    #expect(scene.decided(1) == .init(toHost: [Lines.toolError(3, words.unapproved)]))
    // It is not asked again in this session.
    #expect(scene.host(Lines.call(4, "echo")).toHost == [Lines.toolError(4, words.unapproved)])
    #expect(scene.asked.count == 2)
  }

  @Test func anErrorIsNoAnswer() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    let error =
      #"{"jsonrpc":"2.0","id":"cordon-question-token1","error":{"code":-32601,"message":"no"}}"#
    #expect(scene.host(error) == .init())
    #expect(scene.asked.last == .answered(number: 1, .failed))
  }

  @Test func aRejectionIsTold() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    _ = scene.host(Self.answer(1, Self.accept("reject")))
    #expect(scene.asked.last == .answered(number: 1, .reject))
    _ = scene.reject(try echo())
    #expect(scene.decided(1) == .init(toHost: [Lines.toolError(3, words.rejected)]))
  }

  @Test func anAnswerCountsOnce() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    _ = scene.host(Self.answer(1, Self.accept("later")))
    _ = scene.host(Self.answer(1, Self.accept("approve")))
    #expect(scene.asked.count == 2)
    #expect(scene.refusals == ["host answer-to-nothing"])
    _ = scene.decided(1)
    _ = scene.host(Self.answer(1, Self.accept("approve")))
    #expect(scene.asked.count == 2)
  }

  @Test func answersToWhatWasNotAskedAreRefused() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    #expect(scene.host(Self.answer(1, Self.accept("approve"))) == .init())
    _ = scene.question(1, Self.asks)
    #expect(scene.host(Self.answer(2, Self.accept("approve"))) == .init())
    #expect(scene.refusals.count == 2)
    #expect(scene.asked.count == 1)
  }

  @Test func whatIsNotAnsweredInTimeIsOver() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    #expect(scene.pass(seconds: 59) == .init())
    #expect(scene.session.deadline == 60_000_000_000)
    #expect(scene.pass(seconds: 1) == .init(toHost: [Self.withdrawn(1)]))
    #expect(scene.asked.last == .answered(number: 1, .unanswered))
    #expect(scene.decided(1).toHost == [Lines.toolError(3, words.unapproved)])
    // Late.
    #expect(scene.host(Self.answer(1, Self.accept("approve"))) == .init())
    #expect(scene.asked.count == 2)
  }

  @Test func aSupervisorThatDoesNotAskLeavesItAsItWas() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    #expect(scene.question(1, nil) == .init(toHost: [Lines.toolError(3, words.unapproved)]))
    #expect(scene.host(Lines.call(4, "echo")).toHost == [Lines.toolError(4, words.unapproved)])
    #expect(scene.asked.count == 1)
  }

  @Test func callsOfOneToolWaitForOneQuestion() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.host(Lines.call(4, "echo"))
    _ = scene.question(1, Self.asks)
    #expect(scene.host(Lines.call(5, "echo")) == .init())
    #expect(scene.asked.count == 1)
    _ = scene.host(Self.answer(1, Self.accept("approve")))
    _ = scene.approve(try echo())
    #expect(scene.decided(1).toServer == [3, 4, 5].map { Lines.call($0, "echo") })
  }

  @Test func aCancelledCallTakesItsQuestionAlong() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    let cancel =
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#
    #expect(scene.host(cancel) == .init(toHost: [Self.withdrawn(1)]))
    #expect(scene.asked.last == .answered(number: 1, .unanswered))
    #expect(scene.decided(1) == .init())
    #expect(scene.events("call").map { $0["outcome"] } == ["cancelled"])
  }

  @Test func aDecisionElsewhereWithdrawsTheQuestion() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    #expect(scene.approve(try echo()).toHost.contains(Self.withdrawn(1)))
    #expect(scene.decided(1) == .init(toServer: [Lines.call(3, "echo")]))
  }

  /// The person read one definition, and the server has another by now.
  @Test func whatChangedMeanwhileIsNotCalled() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    _ = scene.server(Lines.changed)
    _ = scene.host(Self.answer(1, Self.accept("approve")))
    _ = scene.approve(try echo())
    #expect(scene.decided(1).toServer == [Lines.own(2)])
    let effect = scene.server(Lines.ownResult(2, [Lines.poisoned, Lines.add]))
    #expect(effect.toHost.contains(Lines.toolError(3, words.unapproved)))
    #expect(effect.toServer.isEmpty)
    // The next call asks about what there is now.
    #expect(scene.host(Lines.call(4, "echo")) == .init())
    #expect(scene.asked.last == .ask(number: 2, item: try Lines.pinned(Lines.poisoned)))
  }

  static let silent: [(name: String, capabilities: String, version: String, seconds: Int?)] = [
    ("the profile does not allow it", legacyForms, "2025-11-25", nil),
    ("the host has no elicitation", "{}", "2025-11-25", 60),
    ("the host opens pages alone", #"{"elicitation":{"url":{}}}"#, "2025-11-25", 60),
    ("the version has none", legacyForms, "2025-03-26", 60),
    ("the declaration is no object", #"{"elicitation":true}"#, "2025-11-25", 60),
  ]

  @Test(arguments: silent)
  func nobodyIsAsked(
    name: String, capabilities: String, version: String, seconds: Int?
  ) throws {
    var scene = try legacy(capabilities, version: version, seconds: seconds)
    #expect(scene.host(Lines.call(3, "echo")).toHost == [Lines.toolError(3, words.unapproved)])
    #expect(scene.asked.isEmpty)
  }

  @Test func anOlderFormHasNoMode() throws {
    var scene = try legacy(#"{"elicitation":{}}"#, version: "2025-06-18")
    _ = scene.host(Lines.call(3, "echo"))
    #expect(scene.question(1, Self.asks) == .init(toHost: [Self.put(1, Self.form)]))
  }

  /// That the server may not ask is no rule about Cordon.
  @Test func aServersOwnElicitationIsAnotherMatter() throws {
    var scene = try legacy(rules: ProtocolRules(denied: [.elicitation]))
    _ = scene.host(Lines.call(3, "echo"))
    #expect(scene.asked.count == 1)
    #expect(scene.question(1, Self.asks) == .init(toHost: [Self.put(1)]))
    let servers = Lines.request(9, "elicitation/create", Self.form)
    #expect(scene.server(servers).toHost.isEmpty)
  }

  /// A server's own question may look like Cordon's: what is answered to it decides nothing.
  @Test func aServersLookalikeDecidesNothing() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    let forged =
      #"{"jsonrpc":"2.0","id":"cordon-7-1","method":"elicitation/create","params":\#(Self.form)}"#
    #expect(scene.server(forged).toHost == ["="])
    let answer = #"{"jsonrpc":"2.0","id":"cordon-7-1","result":\#(Self.accept("approve"))}"#
    #expect(scene.host(answer) == .init(toServer: ["="]))
    #expect(scene.asked.count == 1)
  }

  @Test func questionsAreBounded() throws {
    var scene = try legacy()
    let tools = (0..<6).map { #"{"name":"t\#($0)","inputSchema":{"type":"object"}}"# }
    _ = scene.server(Lines.changed)
    _ = scene.host(Lines.request(3, "tools/list"))
    _ = scene.server(Lines.ownResult(2, tools))
    for number in 0..<6 { _ = scene.host(Lines.call(10 + number, "t\(number)")) }
    #expect(scene.asked.count == AskingState.mostOpen)
  }

  @Test func theEndClosesEverything() throws {
    var scene = try legacy()
    _ = scene.host(Lines.call(3, "echo"))
    _ = scene.question(1, Self.asks)
    let effect = scene.ended("it has ended")
    #expect(effect.toHost.contains(Self.withdrawn(1, "the server has ended")))
    #expect(effect.toHost.contains(Lines.error(3, -32603, "it has ended")))
    #expect(scene.events("call").map { $0["outcome"] } == ["unanswered"])
    #expect(scene.session.deadline == nil || scene.asked.count == 1)
  }

  // MARK: The modern era

  private static func meta(_ capabilities: String) -> String {
    #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":\#(capabilities)}"#
  }

  private static func modernCall(
    _ id: Int, _ tool: String = "echo", more: String = "", forms: String = #"{"elicitation":{}}"#
  ) -> String {
    Lines.request(
      id, "tools/call",
      #"{"name":"\#(tool)","arguments":{"a":1}\#(more),"_meta":\#(meta(forms))}"#)
  }

  private static func retry(
    _ id: Int, _ token: Int, _ answer: String?, tool: String = "echo"
  ) -> String {
    let responses = answer.map { #","inputResponses":{"cordon":\#($0)}"# } ?? ""
    return modernCall(
      id, tool, more: #"\#(responses),"requestState":"cordon-question-token\#(token)""#)
  }

  private static func inputRequired(_ id: Int, _ token: Int) -> String {
    Lines.result(
      id,
      #"{"resultType":"input_required","inputRequests":{"cordon":{"method":"elicitation/create","params":\#(namedForm)}},"requestState":"cordon-question-token\#(token)"}"#
    )
  }

  private func modern(seconds: Int? = 60) throws -> Scene {
    var scene = Scene(notice: false, questionSeconds: seconds)
    scene.approved = [try Lines.pinned(Lines.add)]
    _ = scene.pins()
    _ = scene.host(Lines.request(2, "tools/list", #"{"_meta":\#(Self.meta("{}"))}"#))
    _ = scene.server(Lines.ownResult(1, [Lines.echo, Lines.add]))
    scene.reports = []
    return scene
  }

  /// Asked about `echo`, which the host has now.
  private func asked() throws -> Scene {
    var scene = try modern()
    #expect(scene.host(Self.modernCall(3)) == .init())
    #expect(scene.asked == [.ask(number: 1, item: try echo())])
    #expect(scene.question(1, Self.asks) == .init(toHost: [Self.inputRequired(3, 1)]))
    return scene
  }

  private static func failure(_ id: Int, _ text: String) -> String {
    Lines.toolError(id, text, modern: true)
  }

  @Test func aRetryWithAnApprovalIsTheServersCall() throws {
    var scene = try asked()
    #expect(scene.events("call").map { $0["outcome"] } == ["asked"])
    #expect(scene.host(Self.retry(4, 1, Self.accept("approve"))) == .init())
    #expect(scene.asked.last == .answered(number: 1, .approve))
    _ = scene.approve(try echo())
    // Nothing of Cordon's part is in it.
    #expect(scene.decided(1) == .init(toServer: [Self.modernCall(4)]))
    #expect(scene.server(Lines.result(4)) == .init(toHost: ["="]))
  }

  @Test(arguments: undecided)
  func aRetryWithoutAChoiceDecidesNothing(result: String, answer: HostAnswer) throws {
    var scene = try asked()
    #expect(scene.host(Self.retry(4, 1, result)) == .init())
    #expect(scene.asked.last == .answered(number: 1, answer))
    #expect(scene.decided(1) == .init(toHost: [Self.failure(4, words.unapproved)]))
    #expect(scene.host(Self.modernCall(5)).toHost == [Self.failure(5, words.unapproved)])
    #expect(scene.asked.count == 2)
  }

  @Test func aRetryWithoutAnswersDecidesNothing() throws {
    var scene = try asked()
    _ = scene.host(Self.retry(4, 1, nil))
    #expect(scene.asked.last == .answered(number: 1, .failed))
  }

  static let forged = ["cordon-question-token2", "cordon-question-", "cordon-question-token1 "]

  @Test(arguments: forged)
  func aStateThatWasNotGivenIsRefused(state: String) throws {
    var scene = try asked()
    let line = Self.modernCall(
      4,
      more:
        #","inputResponses":{"cordon":\#(Self.accept("approve"))},"requestState":"\#(state)""#)
    #expect(scene.host(line) == .init(toHost: [Self.failure(4, words.questionOver)]))
    #expect(scene.asked.count == 1)
    #expect(scene.refusals == ["host unknown-question"])
  }

  @Test func aStateServesOnceAndOneTool() throws {
    var scene = try asked()
    // Another tool's call, approved or not, is none of it, and the question stays open.
    #expect(
      scene.host(Self.retry(4, 1, Self.accept("approve"), tool: "add"))
        == .init(toHost: [Self.failure(4, words.questionOver)]))
    _ = scene.host(Self.retry(5, 1, Self.accept("later")))
    _ = scene.decided(1)
    #expect(
      scene.host(Self.retry(6, 1, Self.accept("approve")))
        == .init(toHost: [Self.failure(6, words.questionOver)]))
    #expect(scene.asked.count == 2)
  }

  @Test func aStateIsShortLived() throws {
    var scene = try asked()
    #expect(scene.pass(seconds: 60) == .init())
    #expect(scene.asked.last == .answered(number: 1, .unanswered))
    _ = scene.decided(1)
    #expect(
      scene.host(Self.retry(4, 1, Self.accept("approve"))).toHost
        == [Self.failure(4, words.questionOver)])
  }

  /// A host may drop the question: what it calls then is not kept waiting for it.
  @Test func anotherCallDoesNotWaitForTheRetry() throws {
    var scene = try asked()
    #expect(scene.host(Self.modernCall(4)).toHost == [Self.failure(4, words.unapproved)])
  }

  @Test func aServersRoundHasNoRoomForAQuestion() throws {
    var scene = try modern()
    for (id, more) in [(3, #","requestState":"s""#), (4, #","inputResponses":{}"#)] {
      #expect(
        scene.host(Self.modernCall(id, more: more)).toHost
          == [Self.failure(id, words.unapproved)])
    }
    #expect(scene.asked.isEmpty)
    // Of an approved tool it passes as it is.
    #expect(
      scene.host(Self.modernCall(5, "add", more: #","requestState":"s""#))
        == .init(toServer: ["="]))
  }

  @Test func eachRequestSaysWhatTheHostShows() throws {
    var scene = try modern()
    for (id, forms) in [(3, "{}"), (4, #"{"elicitation":{"url":{}}}"#)] {
      #expect(
        scene.host(Self.modernCall(id, forms: forms)).toHost
          == [Self.failure(id, words.unapproved)])
    }
    #expect(scene.host(Self.modernCall(5, forms: #"{"elicitation":{"form":{}}}"#)) == .init())
    #expect(scene.asked.count == 1)
  }

  @Test func withoutTheProfilesWordAStateIsTheServersOwn() throws {
    var scene = try modern(seconds: nil)
    let line = Self.modernCall(3, "add", more: #","requestState":"cordon-question-token1""#)
    #expect(scene.host(line) == .init(toServer: ["="]))
  }

  @Test func aCallBeforeTheListIsAskedAboutOnceItIsThere() throws {
    var scene = Scene(notice: false, questionSeconds: 60)
    _ = scene.pins()
    _ = scene.host(Self.modernCall(3))
    #expect(scene.server(Lines.ownResult(1, [Lines.echo])) == .init())
    #expect(scene.asked == [.ask(number: 1, item: try echo())])
    #expect(scene.question(1, Self.asks) == .init(toHost: [Self.inputRequired(3, 1)]))
  }

  /// Without a source of tests': long, and never the same.
  @Test func tokensCannotBeGuessed() {
    let settings = SessionSettings(
      serverName: "x", messageSize: 1, notice: false, digestArguments: false, ownPrefix: "",
      redactor: .init([]))
    let tokens = Set((0..<100).map { _ in settings.questionToken() })
    #expect(tokens.count == 100)
    #expect(tokens.allSatisfy { $0.utf8.count >= 20 })
  }
}
