import Control
import JSON
import MCP
import Testing

@testable import Relay

/// What a profile denies is neither declared nor used, in either direction, in either era; what it
/// allows passes byte for byte.
@Suite struct AttenuationTests {
  private static func scene(
    _ denied: Set<ProtocolRules.Capability> = [], extensions: [String] = [],
    roots: [String] = ["/srv/work"]
  ) -> Scene {
    var scene = Scene(
      rules: ProtocolRules(
        denied: denied, extensions: extensions.map { Array($0.utf8) },
        roots: roots.map { Array($0.utf8) }))
    scene.firstUseTrusts = true
    return scene
  }

  private static func initialize(_ capabilities: String) -> String {
    Lines.request(
      1, "initialize",
      #"{"protocolVersion":"2025-11-25","capabilities":\#(capabilities),"clientInfo":{"name":"h"}}"#
    )
  }

  private static func meta(_ capabilities: String, more: String = "") -> String {
    #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
      + #""io.modelcontextprotocol/clientCapabilities":\#(capabilities)\#(more)}"#
  }

  // MARK: Declarations

  static let declared: [(denied: Set<ProtocolRules.Capability>, before: String, after: String)] = [
    (
      [.sampling], #"{"sampling":{},"roots":{"listChanged":true}}"#,
      #"{"roots":{"listChanged":true}}"#
    ),
    ([.roots], #"{"sampling":{},"roots":{"listChanged":true}}"#, #"{"sampling":{}}"#),
    ([.sampling, .roots], #"{ "sampling" : {}, "roots" : {} }"#, "{  }"),
    (
      [.elicitation], #"{"sampling":{} , "elicitation":{"url":{}} ,"roots":{}}"#,
      #"{"sampling":{} , "roots":{}}"#
    ),
    (
      [.tasks], #"{"tasks":{"list":{}},"extensions":{"io.modelcontextprotocol/tasks":{}}}"#,
      #"{"extensions":{}}"#
    ),
    ([.logging], #"{"logging":{},"tools":{}}"#, #"{"tools":{}}"#),
    // Requests that could become tasks go with their capability.
    (
      [.sampling],
      #"{"sampling":{},"tasks":{"requests":{"sampling":{"createMessage":{}},"elicitation":{"create":{}}}}}"#,
      #"{"tasks":{"requests":{"elicitation":{"create":{}}}}}"#
    ),
    // What nobody has named, wherever it stands; what is written with escapes is the same.
    (
      [], #"{"extensions":{"io.example/x":{},"io.modelcontextprotocol/tasks":{}}}"#,
      #"{"extensions":{"io.modelcontextprotocol/tasks":{}}}"#
    ),
    (
      [], #"{"experimental":{"a":{},"b":{"c":[1,2]}},"tools":{}}"#,
      #"{"experimental":{},"tools":{}}"#
    ),
    ([], #"{"telepathy":{},"tools":{}}"#, #"{"tools":{}}"#),
    ([], #"{"Sampling":{},"tools":{}}"#, #"{"tools":{}}"#),
    ([.sampling], #"{"s\u0061mpling":{},"tools":{}}"#, #"{"tools":{}}"#),
    ([], #"{"extensions":["io.example/x"],"tools":{}}"#, #"{"tools":{}}"#),
    // What some readers take for it goes like it.
    ([.sampling], #"{"Sampling":{},"sampling":{},"tools":{}}"#, #"{"tools":{}}"#),
    ([.sampling], "{\"\u{17F}ampling\":{},\"tools\":{}}", #"{"tools":{}}"#),
    ([], #"{"Extensions":{"io.example/x":{}},"tools":{}}"#, #"{"tools":{}}"#),
    (
      [.sampling],
      #"{"sampling":{},"tasks":{"Requests":{"sampling":{}},"requests":{"Sampling":{},"elicitation":{}}}}"#,
      #"{"tasks":{"requests":{"elicitation":{}}}}"#
    ),
  ]

  @Test(arguments: declared)
  func theHostDeclaresWithoutIt(
    _ denied: Set<ProtocolRules.Capability>, _ before: String, _ after: String
  ) {
    var scene = Self.scene(denied)
    #expect(scene.host(Self.initialize(before)).toServer == [Self.initialize(after)])
    let request = { (it: String) in
      Lines.request(2, "resources/list", #"{"_meta":\#(Self.meta(it))}"#)
    }
    #expect(scene.host(request(before)).toServer == [request(after)])
    // A handshake that says it in both ways says it in neither.
    let both = { (it: String) in
      Lines.request(4, "initialize", #"{"capabilities":\#(it),"_meta":\#(Self.meta(it))}"#)
    }
    #expect(scene.host(both(before)).toServer == [both(after)])
    // Every request says it again.
    let again = { (it: String) in
      Lines.request(3, "server/discover", #"{"_meta":\#(Self.meta(it))}"#)
    }
    #expect(scene.host(again(before)).toServer == [again(after)])
    #expect(!scene.events("attenuated").isEmpty || before.contains(#"["io"#))
  }

  @Test(arguments: declared)
  func theServerDeclaresWithoutIt(
    _ denied: Set<ProtocolRules.Capability>, _ before: String, _ after: String
  ) {
    // Cordon adds a member to a declaration of tools.
    let after = after.replacing(#""tools":{}"#, with: #""tools":{"listChanged":true}"#)
    var scene = Self.scene(denied)
    _ = scene.host(Self.initialize("{}"))
    let legacy = { (it: String) in
      Lines.result(1, #"{"protocolVersion":"2025-11-25","capabilities":\#(it),"serverInfo":{}}"#)
    }
    #expect(scene.server(legacy(before)).toHost == [legacy(after)])
    _ = scene.host(Lines.request(2, "server/discover", #"{"_meta":\#(Self.meta("{}"))}"#))
    let modern = { (it: String) in
      Lines.result(2, #"{"resultType":"complete","capabilities":\#(it),"ttlMs":5}"#)
    }
    #expect(scene.server(modern(before)).toHost == [modern(after)])
  }

  @Test func whatIsNamedPasses() {
    var scene = Self.scene(extensions: ["io.example/x", "claude/channel", "telepathy"])
    let all =
      #"{"extensions":{"io.example/x":{"a":[1]}},"experimental":{"claude/channel":{}},"telepathy":{},"sampling":{"tools":{}}}"#
    #expect(scene.host(Self.initialize(all)).toServer == ["="])
    let list = Lines.request(2, "resources/list", #"{"_meta":\#(Self.meta(all))}"#)
    #expect(scene.host(list).toServer == ["="])
    #expect(scene.events("attenuated").isEmpty)
    #expect(scene.log.isEmpty)
  }

  @Test func nobodyCanNameWhatLooksLikeTheDenied() {
    var scene = Self.scene([.sampling], extensions: ["Sampling", "telepathy"])
    let before = #"{"Sampling":{},"telepathy":{}}"#
    let after = #"{"telepathy":{}}"#
    #expect(scene.host(Self.initialize(before)).toServer == [Self.initialize(after)])
    #expect(scene.events("attenuated").map { $0["capability"] } == ["sampling"])
  }

  /// Keys beside which a server without regard to case could find what is taken out of them.
  static let hostLookalikes: [(method: String, params: String)] = [
    ("initialize", #"{"capabilities":{},"Capabilities":{"sampling":{}}}"#),
    ("initialize", #"{"CAPABILITIE\u0053":{"sampling":{}}}"#),
    ("initialize", "{\"capabilitie\u{17F}\":{\"sampling\":{}}}"),
    ("resources/read", #"{"_meta":{},"_Meta":\#(meta(#"{"sampling":{}}"#))}"#),
    (
      "resources/read", #"{"_meta":{"io.modelcontextprotocol/ClientCapabilities":{"sampling":{}}}}"#
    ),
    ("resources/read", #"{"InputResponses":{"r":{"roots":[{"uri":"file:///etc"}]}}}"#),
    ("resources/read", #"{"inputResponses":{},"INPUTRESPONSES":{"r":{"roots":[]}}}"#),
    ("tools/call", "{\"name\":\"echo\",\"inputRe\u{17F}ponses\":{\"r\":{\"roots\":[]}}}"),
  ]

  @Test(arguments: hostLookalikes)
  func aRequestWithALookalikeIsRefused(_ method: String, _ params: String) {
    var scene = Self.scene([.sampling])
    let words = "params has a key that some readers take for another"
    let effect = scene.host(Lines.request(2, method, params))
    #expect(effect.toHost == [Lines.error(2, -32602, words)])
    #expect(effect.toServer == [])
    #expect(scene.refusals == ["host lookalike-key"])
  }

  @Test func theTasksExtensionIsDeniedEvenWhereItIsNamed() {
    let name = "io.modelcontextprotocol/tasks"
    var scene = Self.scene([.tasks], extensions: [name])
    let caps = #"{"extensions":{"\#(name)":{}}}"#
    #expect(scene.host(Self.initialize(caps)).toServer == [Self.initialize(#"{"extensions":{}}"#)])
  }

  /// With the default rules nothing that the protocol has is touched, and no byte of a line that is
  /// one line already.
  @Test func byDefaultTheProtocolPassesUntouched() {
    var scene = Self.scene()
    #expect(scene.server(Lines.request(1, "sampling/createMessage", "{}")).toHost == ["="])
    let caps =
      #"{ "roots" : { "listChanged" : true }, "sampling":{"tools":{},"context":{}},"elicitation":{"form":{},"url":{}},"experimental":{},"extensions":{ } }"#
    #expect(scene.host(Self.initialize(caps)).toServer == ["="])
    let tasks = #"{"extensions":{"io.modelcontextprotocol\/tasks":{"a":[]}},"tasks":{}}"#
    #expect(
      scene.host(Self.initialize(tasks).replacing("\"id\":1", with: "\"id\":8")).toServer == ["="])
    for id in 2..<5 {
      let line = Lines.request(id, "resources/list", #"{ "_meta" : \#(Self.meta(caps)) }"#)
      #expect(scene.host(line).toServer == ["="])
    }
    #expect(
      scene.host(Lines.request(9, "logging/setLevel", #"{"level":"info"}"#)).toServer == ["="])
    #expect(
      scene.server(#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#).toHost == [
        "="
      ])
    #expect(scene.events("denied").isEmpty)
  }

  /// What was seen as harmless once is recognised; a request that says something else is not taken
  /// for it, wherever the known words stand.
  @Test func onlyTheSameDeclarationIsTakenForHarmless() {
    var scene = Self.scene([.sampling])
    let plain = Self.meta("{}")
    _ = scene.host(Lines.request(1, "resources/list", #"{"_meta":\#(plain)}"#))
    let request = { (it: String) in
      Lines.request(2, "resources/read", #"{"arguments":\#(plain),"_meta":\#(Self.meta(it))}"#)
    }
    #expect(scene.host(request(#"{"sampling":{}}"#)).toServer == [request("{}")])
    let turned = { (it: String) in
      Lines.request(3, "resources/read", #"{"_meta":\#(Self.meta(it)),"arguments":\#(plain)}"#)
    }
    #expect(scene.host(turned(#"{"sampling":{}}"#)).toServer == [turned("{}")])
  }

  @Test func aBatchIsReadLikeTheSameMessages() {
    var scene = Self.scene([.logging])
    _ = scene.host(
      Lines.request(
        1, "initialize", #"{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{}}"#))
    _ = scene.server(
      Lines.result(1, #"{"protocolVersion":"2025-03-26","capabilities":{},"serverInfo":{}}"#))
    let effect = scene.host("[\(Lines.request(2, "logging/setLevel")),\(Lines.request(3, "ping"))]")
    #expect(effect.toHost == [Lines.error(2, -32601, "Method not found")])
    #expect(effect.toServer == [Lines.request(3, "ping")])
  }

  // MARK: Requests that are made all the same

  /// Every method of the table whose capability a profile can deny.
  static let deniable = MethodTable.rows.filter { $0.feature.ruledBy != nil }

  @Test(arguments: deniable)
  func aDeniedMethodIsAnsweredOrDropped(_ row: MethodRow) throws {
    let capability = try #require(row.feature.ruledBy)
    let isRequest = row.kind == .request
    let line =
      isRequest
      ? Lines.request(7, row.method.rawValue)
      : #"{"jsonrpc":"2.0","method":"\#(row.method.rawValue)"}"#
    let answer = isRequest ? [Lines.error(7, -32601, "Method not found")] : []
    for denied in ProtocolRules.Capability.allCases {
      var scene = Self.scene([denied])
      let effect = row.sender == .client ? scene.host(line) : scene.server(line)
      let (back, on) =
        row.sender == .client
        ? (effect.toHost, effect.toServer) : (effect.toServer, effect.toHost)
      #expect(on == (denied == capability ? [] : ["="]))
      #expect(back == (denied == capability ? answer : []))
      let events = scene.events("denied")
      #expect(events.isEmpty == (denied != capability))
      guard denied == capability else { continue }
      #expect(events.first?["capability"] == capability.rawValue)
      #expect(events.first?["method"] == row.method.rawValue)
      #expect(events.first?["from"] == (row.sender == .client ? "host" : "server"))
      #expect(scene.log.count == 1)
      #expect(
        scene.log.first?.contains(#""protocol": { "\#(capability.rawValue)": "allow" }"#) == true)
    }
  }

  @Test func aDenialIsSaidOnceAndCounted() {
    var scene = Self.scene([.sampling, .elicitation])
    for id in 1...3 { _ = scene.server(Lines.request(id, "sampling/createMessage")) }
    _ = scene.server(Lines.request(4, "elicitation/create"))
    #expect(scene.events("denied").map { $0["count"] } == ["1", "2", "3", "1"])
    #expect(scene.log.count == 2)
  }

  @Test func aTaskIsNotAskedForWhereTasksAreDenied() {
    var scene = Self.scene([.tasks])
    let call = { (it: String) in
      Lines.request(3, "tools/call", #"{"name":"echo"\#(it),"arguments":{"task":1}}"#)
    }
    #expect(scene.host(call(#","task":{"ttl":5}"#)).toServer == [Lines.own(1)])
    #expect(scene.server(Lines.ownResult(1, [Lines.echo])).toServer == [call("")])
    let sample = { (it: String) in
      Lines.request(4, "sampling/createMessage", #"{\#(it)"messages":[]}"#)
    }
    #expect(scene.server(sample(#""task":{}, "#)).toHost == [sample("")])
    #expect(scene.server(sample(#""t\u0061sk":{}, "#)).toHost == [])
    #expect(scene.events("denied").map { $0["method"] }.contains("tools/call"))
    #expect(scene.server(sample(#""TASK":{}, "#).replacing("4,", with: "5,")).toHost.count == 1)
    // A server that makes a task of it all the same.
    let made = Lines.result(3, #"{"task":{"taskId":"1"}}"#)
    #expect(scene.server(made).toHost == [Lines.toolError(3, Words.asked(for: "tasks"))])
  }

  @Test func theLevelOfTheLogIsNotAskedFor() {
    var scene = Self.scene([.logging])
    let line = { (it: String) in
      Lines.request(
        2, "resources/read",
        #"{"name":"p","_meta":\#(Self.meta("{}", more: it))}"#)
    }
    let level = #","io.modelcontextprotocol/logLevel":"debug""#
    #expect(scene.host(line(level)).toServer == [line("")])
    #expect(scene.host(line("").replacing("2,", with: "3,")).toServer == ["="])
    let other = level.replacing("logLevel", with: "LogLevel")
    #expect(
      scene.host(line(level + other).replacing("2,", with: "4,")).toServer
        == [line("").replacing("2,", with: "4,")])
    #expect(scene.events("attenuated").map { $0["capability"] } == ["logging"])
  }

  // MARK: Requests as values

  static let asked: [(name: String, denied: ProtocolRules.Capability, result: String)] = [
    (
      "sampling", .sampling,
      #"{"resultType":"input_required","inputRequests":{"a":{"method":"sampling/createMessage","params":{}}}}"#
    ),
    (
      "elicitation beside roots", .elicitation,
      #"{"resultType":"input_required","inputRequests":{"r":{"method":"roots/list"},"e":{"method":"elicitation/create"}}}"#
    ),
    (
      "roots", .roots,
      #"{"inputRequests":{"r":{"method":"roots/list"}},"resultType":"input_required"}"#
    ),
    (
      "written with escapes", .sampling,
      #"{"input\u0052equests":{"a":{"method":"sampling\/cr\u0065ateMessage"}}}"#
    ),
    (
      "for a reader without case", .sampling,
      #"{"InputRequests":{"a":{"method":"sampling/createMessage"}}}"#
    ),
    (
      "a method for a reader without case", .sampling,
      #"{"inputRequests":{"a":{"Method":"sampling/createMessage"}}}"#
    ),
    ("unreadable", .sampling, #"{"inputRequests":["sampling/createMessage"]}"#),
    ("task", .tasks, #"{"resultType":"task","taskId":"1"}"#),
    ("a task's type in another case", .tasks, #"{"ResultType":"task","taskId":"x"}"#),
    ("a task's type twice", .tasks, #"{"resultType":"complete","RESULTTYPE":"task"}"#),
    ("a task's type with escapes", .tasks, #"{"result\u0074ype":"task","taskId":"x"}"#),
    ("a task's type beyond ASCII", .tasks, "{\"re\u{17F}ultType\":\"task\"}"),
    ("a task in another case", .tasks, #"{"Task":{"taskId":"1"}}"#),
    ("a task beyond ASCII", .tasks, "{\"ta\u{17F}\u{212A}\":{\"taskId\":\"1\"}}"),
    ("a task beside content", .tasks, #"{"content":[],"task":{"taskID":"1"}}"#),
  ]

  /// Keys that a host without regard to case takes for `inputRequests`, alone and beside it.
  static let lookalikes: [String] = [
    #""inputrequests":@"#, #""INPUTREQUESTS":@"#, #""InputRequests":@"#,
    "\"inputReque\u{17F}t\u{17F}\":@", #""inputReque\u017Ft\u017F":@"#,
    #""\u0049nputRequests":@"#, #""inputRequests\u0000":@"#,
    #""inputRequests":{},"InputRequests":@"#, #""inputRequests":null,"InputRequests":@"#,
    #""InputRequests":@,"inputRequests":{"a":{"method":"elicitation\/create"}}"#,
    #""inputRequests":{"a":{"method":"elicitation/create","METHOD":"sampling/createMessage"}}"#,
  ]

  @Test(arguments: lookalikes)
  func whatSomeReaderTakesForARequestIsDenied(_ member: String) {
    let asked = member.replacing(
      "@", with: #"{"a":{"method":"sampling/createMessage","params":{}}}"#)
    aResultThatAsksForItEndsTheRequest(
      member, .sampling, #"{"resultType":"input_required",\#(asked)}"#)
    var scene = Self.scene([.sampling])
    let state =
      #"{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"1",\#(asked)}}"#
    #expect(scene.server(state).toHost == [])
    #expect(scene.events("denied").map { $0["capability"] } == ["sampling"])
  }

  @Test func aToolsResultMayHaveAMemberNamedTask() {
    var scene = Self.scene([.tasks])
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(scene.server(Lines.result(1, #"{"content":[],"task":{"title":"t"}}"#)).toHost == ["="])
  }

  @Test(arguments: asked)
  func aResultThatAsksForItEndsTheRequest(
    _ name: String, _ denied: ProtocolRules.Capability, _ result: String
  ) {
    var scene = Self.scene([denied])
    let meta = #""_meta":\#(Self.meta("{}"))"#
    _ = scene.host(Lines.request(1, "tools/call", #"{"name":"echo",\#(meta)}"#))
    _ = scene.server(Lines.ownResult(1, [Lines.echo]))
    let words = Words.asked(for: denied.rawValue)
    #expect(
      scene.server(Lines.result(1, result)).toHost == [Lines.toolError(1, words, modern: true)])
    #expect(scene.events("call").last?["outcome"] == "denied")
    _ = scene.host(Lines.request(2, "resources/read", #"{"name":"p",\#(meta)}"#))
    #expect(scene.server(Lines.result(2, result)).toHost == [Lines.error(2, -32603, words)])
    #expect(scene.log.count == 1)
    #expect(scene.server(Lines.result(2, result)).toHost == [])

    var free = Self.scene()
    _ = free.host(Lines.request(1, "resources/read", #"{"name":"p",\#(meta)}"#))
    #expect(free.server(Lines.result(1, result)).toHost == ["="])
  }

  @Test func whatAsksForSomethingElsePasses() {
    var scene = Self.scene([.sampling])
    let asked =
      #"{"resultType":"input_required","inputRequests":{"e":{"method":"elicitation/create","params":{}}},"requestState":"s"}"#
    _ = scene.host(Lines.request(1, "resources/read", #"{"uri":"x:y"}"#))
    #expect(scene.server(Lines.result(1, asked)).toHost == ["="])
    _ = scene.host(Lines.request(2, "resources/read", #"{"uri":"x:y"}"#))
    #expect(
      scene.server(Lines.result(2, #"{"contents":[{"text":"inputRequests \u00e9"}]}"#)).toHost == [
        "="
      ])
  }

  @Test func aTasksStateThatAsksForItIsDropped() {
    var scene = Self.scene([.sampling])
    let state = { (it: String) in
      #"{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"1","inputRequests":{"a":{"method":"\#(it)"}}}}"#
    }
    #expect(scene.server(state("sampling/createMessage")).toHost == [])
    #expect(scene.server(state("elicitation/create")).toHost == ["="])
  }

  @Test func anAddressToOpenIsElicitation() {
    let error =
      #"{"jsonrpc":"2.0","id":1,"error":{"code":-32042,"message":"m","data":{"elicitations":[]}}}"#
    var scene = Self.scene([.elicitation])
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(scene.server(error).toHost == [Lines.error(1, -32603, Words.asked(for: "elicitation"))])
    var free = Self.scene([.sampling])
    _ = free.host(Lines.request(1, "resources/read"))
    #expect(free.server(error).toHost == ["="])
  }

  @Test(arguments: [
    #"{"code":-1,"message":"m","Code":-32042}"#, #"{"CODE":-32042,"code":-1,"message":"m"}"#,
    #"{"code":-1,"message":"m","c\u004fde":-32042}"#, #"{"code":-1,"message":"m","code\u0000":1}"#,
  ])
  func anErrorsCodeIsNoOther(_ error: String) {
    let line = #"{"jsonrpc":"2.0","id":1,"error":\#(error)}"#
    var scene = Self.scene([.elicitation])
    _ = scene.host(Lines.request(1, "resources/read"))
    #expect(scene.server(line).toHost == [Lines.error(1, -32603, Words.asked(for: "elicitation"))])
    var free = Self.scene([.sampling])
    _ = free.host(Lines.request(1, "resources/read"))
    #expect(free.server(line).toHost == ["="])
  }

  // MARK: Words

  @Test func anExtensionIsToldOnceWithWhatAllowsIt() {
    var scene = Self.scene()
    let line = { (id: Int) in
      Lines.request(
        id, "resources/list",
        #"{"_meta":\#(Self.meta(#"{"extensions":{"io.modelcontextprotocol/ui":{}}}"#))}"#)
    }
    for id in 1...3 { _ = scene.host(line(id)) }
    #expect(
      scene.log == [
        """
        cordon: notes: the host declares "io.modelcontextprotocol/ui", which the profile does not \
        name: taken out
        hint: to allow it: "protocol": { "extensions": ["io.modelcontextprotocol/ui"] }
        """
      ])
    #expect(
      scene.events("attenuated") == [["from": "host", "capability": "io.modelcontextprotocol/ui"]])
  }

  @Test func namesOfTheServersMakingNeitherDrawNorFlood() {
    var scene = Self.scene()
    _ = scene.host(Self.initialize("{}"))
    let names = (0..<500).map { #""x\#($0)\u001b[31m":{}"# }.joined(separator: ",")
    let effect = scene.server(Lines.result(1, #"{"capabilities":{"extensions":{\#(names)}}}"#))
    #expect(effect.toHost == [Lines.result(1, #"{"capabilities":{"extensions":{}}}"#)])
    #expect(scene.events("attenuated").count == Denials.mostNames)
    #expect(scene.log.count == Denials.mostNames)
    #expect(scene.log.allSatisfy { !$0.contains("\u{1b}") && !$0.contains("hint") })
  }

  /// However many names one side makes up, what the profile denies is told, and the other side's.
  @Test func madeUpNamesLeaveTheRestTold() {
    var scene = Self.scene([.logging, .sampling])
    let names = (0..<40).map { #""x\#($0)":{}"# }.joined(separator: ",")
    _ = scene.host(Self.initialize(#"{"extensions":{\#(names)},"sampling":{}}"#))
    #expect(scene.events("attenuated").last == ["from": "host", "capability": "sampling"])
    _ = scene.server(
      Lines.result(1, #"{"capabilities":{"extensions":{"y":{},\#(names)},"logging":{}}}"#))
    let told = scene.events("attenuated").filter { $0["from"] == "server" }
    #expect(told.count == Denials.mostNames + 1)
    #expect(told.first?["capability"] == "y")
    #expect(told.last?["capability"] == "logging")
  }
}
