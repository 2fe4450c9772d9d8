import Control
import JSON
import Manifest
import Testing

@testable import Relay

/// What a tool has a host render.
@Suite struct InterfaceTests {
  private static let tool =
    #"{"name":"chart","inputSchema":{},"_meta":{"ui":{"resourceUri":"ui://chart"}}}"#
  private static let contents = #"[{"uri":"ui://chart","text":"<p>"}]"#
  private static let poisoned = #"[{"uri":"ui://chart","text":"<script>"}]"#

  private static func ownRead(_ number: Int, _ uri: String = "ui://chart") -> String {
    Lines.own(number, #"{"uri":"\#(uri)"}"#, method: "resources/read")
  }

  private static func read(_ id: Int, _ uri: String = "ui://chart") -> String {
    Lines.request(id, "resources/read", #"{"uri":"\#(uri)"}"#)
  }

  private static func body(_ contents: String, _ more: String = "") -> String {
    #"{"contents":\#(contents)\#(more)}"#
  }

  /// The host has listed the tool, and Cordon has read its body.
  private func listed(_ contents: String = contents) throws -> Scene {
    var scene = Scene(notice: false)
    scene.firstUseTrusts = true
    _ = scene.host(Lines.request(1, "tools/list"))
    // The list does not wait for the body.
    #expect(
      scene.server(Lines.ownResult(1, [Self.tool]))
        == .init(toHost: [Lines.list(1, [Self.tool])], toServer: [Self.ownRead(2)]))
    #expect(scene.server(Lines.ownAnswer(2, Self.body(contents))) == .init())
    scene.firstUseTrusts = false
    return scene
  }

  @Test func whatToolsReferToIsReadAndJudged() throws {
    var scene = try listed()
    #expect(scene.approved.contains(try Lines.pinned(interface: "ui://chart", Self.contents)))
    #expect(scene.host(Self.read(3)) == .init(toServer: ["="]))
    // Other white space and order are the same body; nothing of it is changed on its way.
    let same = #"[ {"text":"<p>","uri":"ui:\/\/chart"} ]"#
    #expect(scene.server(Lines.result(3, Self.body(same))) == .init(toHost: ["="]))
    // A list that is asked for again reads nothing again.
    _ = scene.host(Lines.request(4, "tools/list"))
    #expect(scene.server(Lines.ownResult(3, [Self.tool])).toServer.isEmpty)
  }

  @Test func anotherBodyIsWithheldAndWaits() throws {
    var scene = try listed()
    _ = scene.host(Self.read(3))
    #expect(
      scene.server(Lines.result(3, Self.body(Self.poisoned))).toHost == [
        Lines.error(3, -32602, words.unapprovedInterface)
      ])
    let poisoned = try Lines.pinned(interface: "ui://chart", Self.poisoned)
    #expect(scene.waiting == [poisoned])
    #expect(scene.refusals == ["server withheld-ui-resource"])
    _ = scene.approve(poisoned)
    _ = scene.host(Self.read(4))
    #expect(scene.server(Lines.result(4, Self.body(Self.poisoned))) == .init(toHost: ["="]))
    // One that was rejected is not asked about again.
    scene.approved.removeAll { $0 == poisoned }
    _ = scene.reject(poisoned)
    _ = scene.host(Self.read(5))
    #expect(
      scene.server(Lines.result(5, Self.body(Self.poisoned))).toHost == [
        Lines.error(5, -32602, words.rejectedInterface)
      ])
    #expect(scene.waiting.isEmpty)
  }

  @Test func aReadWaitsUntilTheBodiesAreJudged() throws {
    var scene = Scene(notice: false)
    scene.answersAtOnce = false
    scene.approved = [try Lines.pinned(Self.tool)]
    _ = scene.pins()
    _ = scene.host(Lines.request(1, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [Self.tool]))
    #expect(scene.host(Self.read(3)) == .init())
    #expect(scene.session.isHolding)
    #expect(scene.server(Lines.ownAnswer(2, Self.body(Self.contents))) == .init())
    scene.approved += scene.waiting
    scene.waiting = []
    #expect(scene.pins(sequence: scene.session.sequence) == .init(toServer: [Self.read(3)]))
    #expect(scene.server(Lines.result(3, Self.body(Self.contents))) == .init(toHost: ["="]))
  }

  /// A host may render what no tool refers to, however the scheme is written.
  @Test(arguments: ["ui://other", "UI://other", " ui://other", "u\\u0069:other"])
  func whatNoToolRefersToIsJudgedToo(uri: String) throws {
    var scene = try listed()
    _ = scene.host(Self.read(3, uri))
    #expect(
      scene.server(Lines.result(3, Self.body(Self.contents))).toHost == [
        Lines.error(3, -32602, words.unapprovedInterface)
      ])
    #expect(scene.waiting.map(\.kind) == ["ui-resource"])
  }

  /// In the older forms, and with a scheme that is not theirs.
  @Test(arguments: [#"ui\/resourceUri"#, #"openai\/outputTemplate"#])
  func everythingThatAToolRefersToIsJudged(key: String) throws {
    var scene = Scene(notice: false)
    let tool = #"{"name":"a","_meta":{"\#(key)":"page://x"}}"#
    scene.approved = [try Lines.pinned(tool)]
    _ = scene.pins()
    _ = scene.host(Lines.request(1, "tools/list"))
    #expect(
      scene.server(Lines.ownResult(1, [tool])).toServer == [Self.ownRead(2, "page://x")])
    _ = scene.server(Lines.ownAnswer(2, Self.body(Self.contents)))
    _ = scene.host(Self.read(3, "page://x"))
    #expect(
      scene.server(Lines.result(3, Self.body(Self.contents))).toHost == [
        Lines.error(3, -32602, words.unapprovedInterface)
      ])
  }

  @Test(arguments: [
    #"{"Contents":[]}"#, #"{"contents":[],"Contents":[{"text":"x"}]}"#, "{}", #"{"contents":7}"#,
    #"{"resultType":"input_required","Contents":[{"text":"x"}]}"#, "[]",
    #"{"resultType":"input_required","contents":[{"uri":"ui://chart","text":"<p>"}]}"#,
  ])
  func anAnswerThatHasNoBodyDoesNotPass(result: String) throws {
    var scene = try listed()
    _ = scene.host(Self.read(3))
    let effect = scene.server(Lines.result(3, result))
    #expect(effect.toHost == [Lines.error(3, -32602, words.unusableInterface)])
  }

  @Test func errorsAndRoundsPassAndNothingIsKept() throws {
    var scene = try listed()
    _ = scene.host(Self.read(3))
    #expect(scene.server(Lines.error(3, -32002, "not found")) == .init(toHost: ["="]))
    _ = scene.host(Self.read(4))
    let round = #"{"resultType":"input_required","requestState":"s"}"#
    #expect(scene.server(Lines.result(4, round)) == .init(toHost: ["="]))
    _ = scene.host(Self.read(5))
    let kept = Self.body(Self.contents, #","ttlMs":900,"cacheScope":"public""#)
    #expect(
      scene.server(Lines.result(5, kept)).toHost == [
        Lines.result(5, Self.body(Self.contents, #","ttlMs":0,"cacheScope":"private""#))
      ])
  }

  /// A host could take from there what the body may connect to.
  @Test func nothingBesideTheBodyPasses() throws {
    var scene = try listed()
    _ = scene.host(Self.read(3))
    let beside =
      #","_meta":{"ui":{"csp":{}}},"resultType":"complete","content":[],"resource":{},"TTLMS":1"#
    #expect(
      scene.server(Lines.result(3, Self.body(Self.contents, beside))).toHost == [
        Lines.result(3, Self.body(Self.contents, #","resultType":"complete""#))
      ])
  }

  /// What no tool refers to and has any scheme is an interface by what it says it is.
  @Test(arguments: [
    #""mimeType":"text/html;profile=mcp-app""#,
    #""mimeType":"Text/HTML; a=b ;Profile=\"MCP-App\"""#,
    #""mimeType":"text\/html+skybridge""#, #""mimeType":"text/html+s\u212aybridge""#,
    #""MimeType":"text/html;profile=\u006dcp-app""#, #""mimeType":"TEXT/HTML+SKYBRIDGE""#,
  ])
  func whatHasTheTypeIsJudgedToo(type: String) throws {
    var scene = try listed()
    _ = scene.host(Self.read(3, "app://x"))
    let contents = #"[{"text":""},{"uri":"app://x","text":"<p>",\#(type)}]"#
    #expect(
      scene.server(Lines.result(3, Self.body(contents))).toHost == [
        Lines.error(3, -32602, words.unapprovedInterface)
      ])
    let body = try Lines.pinned(interface: "app://x", contents)
    #expect(scene.waiting == [body])
    _ = scene.approve(body)
    _ = scene.host(Self.read(4, "app://x"))
    #expect(scene.server(Lines.result(4, Self.body(contents))) == .init(toHost: ["="]))
  }

  @Test func otherResourcesPassAsTheyAre() throws {
    var scene = try listed()
    _ = scene.host(Self.read(3, "file:///x"))
    let other =
      #"{"contents":[{"mimeType":"text/html","text":"mcp-app, skybridge \u0041"}],"_meta":{"a":1}}"#
    #expect(scene.server(Lines.result(3, other)) == .init(toHost: ["="]))
  }

  /// Where the body says nothing of it hosts take from the list what it may connect to.
  @Test(arguments: [
    #""uri":"ui://x","_meta":{"ui":{"csp":{}}}"#, #""URI":"UI:\/\/x","\u005fMeta":{"ui":{}}"#,
    #""uri":"app://x","mimeType":"text/html;profile=mcp-app","_meta":{"ui":{}}"#,
    #""uri":"page://x","_META":{},"_meta":{"ui":{}}"#,
  ])
  func whatIsListedOfThemSaysNothingMore(entry: String) throws {
    var scene = Scene(notice: false)
    scene.firstUseTrusts = true
    let tool = #"{"name":"a","_meta":{"ui":{"resourceUri":"page://x"}}}"#
    _ = scene.host(Lines.request(1, "tools/list"))
    _ = scene.server(Lines.ownResult(1, [tool]))
    let other = #"{"uri":"file:///a", "name":"a","_meta":{"a":1}}"#
    let kept = entry.split(separator: ",").filter { !$0.lowercased().contains("meta\":") }
    let name = #""name":"x""#
    // No matter which listing the page belongs to.
    for (id, params) in [(2, "{}"), (3, #"{"cursor":"of another"}"#)] {
      _ = scene.host(Lines.request(id, "resources/list", params))
      let page = #"{"resources":[\#(other), {\#(name),\#(entry)}],"nextCursor":"n"}"#
      let left = ([name] + kept.map(String.init)).joined(separator: ",")
      #expect(
        scene.server(Lines.result(id, page)).toHost == [
          Lines.result(id, #"{"resources":[\#(other), {\#(left)}],"nextCursor":"n"}"#)
        ])
    }
    _ = scene.host(Lines.request(4, "resources/list"))
    let plain = #"{"resources":[\#(other), {"uri":"ui://x"}],"_meta":{"a":1}}"#
    #expect(scene.server(Lines.result(4, plain)) == .init(toHost: ["="]))
  }

  /// Without interfaces nothing is asked and nothing waits, but what is added later is no first use.
  @Test func aServerWithoutThemIsNotAsked() throws {
    var scene = Scene()
    scene.approved = [try Lines.pinned(Lines.echo)]
    _ = scene.pins()
    _ = scene.host(Lines.request(1, "tools/list"))
    #expect(
      scene.server(Lines.ownResult(1, [Lines.echo]))
        == .init(toHost: [Lines.list(1, [Lines.echo])]))
    #expect(
      scene.reports.contains { report in
        guard case .observed(_, "ui-resource", let present) = report else { return false }
        return present.isEmpty
      })
  }

  @Test func readingIsBounded() throws {
    var scene = Scene(notice: false)
    scene.firstUseTrusts = true
    let tools = (100..<200).map {
      #"{"name":"t\#($0)","_meta":{"ui":{"resourceUri":"ui://\#($0)"}}}"#
    }
    _ = scene.host(Lines.request(1, "tools/list"))
    var asked = scene.server(Lines.ownResult(1, tools)).toServer
    var number = 1
    while asked.count == 1 {
      number += 1
      #expect(asked == [Self.ownRead(number, "ui://\(98 + number)")])
      asked = scene.server(Lines.ownAnswer(number, Self.body(Self.contents))).toServer
    }
    #expect(number == 1 + SessionSettings.mostInterfaces)
    // A server that does not answer: what waits for it goes on, and is judged by what comes.
    var silent = Scene(notice: false)
    silent.firstUseTrusts = true
    _ = silent.host(Lines.request(1, "tools/list"))
    _ = silent.server(Lines.ownResult(1, [Self.tool]))
    _ = silent.pass(seconds: 3600)
    _ = silent.host(Self.read(2))
    #expect(silent.pass(seconds: 23 * 3600).toServer.contains(Self.read(2)))
    // So it is with one that answers with an error.
    var lacking = Scene(notice: false)
    lacking.firstUseTrusts = true
    _ = lacking.host(Lines.request(1, "tools/list"))
    _ = lacking.server(Lines.ownResult(1, [Self.tool]))
    _ = lacking.host(Self.read(2))
    #expect(
      lacking.server(
        #"{"jsonrpc":"2.0","id":"cordon-7-2","error":{"code":-32002,"message":"no"}}"#
      ).toServer == [Self.read(2)])
  }
}
