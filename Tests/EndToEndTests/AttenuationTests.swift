import Foundation
import Testing

/// What a profile denies, through the real program: neither declared nor used, in both directions and
/// in both eras; and what it allows, beside it.
@Suite struct AttenuationTests {
  static let capabilities = ["sampling", "elicitation", "roots", "logging", "tasks"]

  /// A method or notification that needs a capability.
  struct Row {
    let method: String
    let capability: String
    let isRequest: Bool

    init(_ method: String, _ capability: String, isRequest: Bool = true) {
      self.method = method
      self.capability = capability
      self.isRequest = isRequest
    }

    func line(id: String) -> String {
      #"{"jsonrpc":"2.0",\#(isRequest ? #""id":"\#(id)","# : "")"method":"\#(method)","params":{}}"#
    }
  }

  static let fromHost = [
    Row("logging/setLevel", "logging"), Row("tasks/get", "tasks"), Row("tasks/result", "tasks"),
    Row("tasks/list", "tasks"), Row("tasks/cancel", "tasks"), Row("tasks/update", "tasks"),
    Row("notifications/tasks/status", "tasks", isRequest: false),
    Row("notifications/roots/list_changed", "roots", isRequest: false),
  ]
  static let fromServer = [
    Row("sampling/createMessage", "sampling"), Row("elicitation/create", "elicitation"),
    Row("roots/list", "roots"), Row("tasks/get", "tasks"), Row("tasks/result", "tasks"),
    Row("tasks/list", "tasks"), Row("tasks/cancel", "tasks"),
    Row("notifications/message", "logging", isRequest: false),
    Row("notifications/elicitation/complete", "elicitation", isRequest: false),
    Row("notifications/tasks/status", "tasks", isRequest: false),
    Row("notifications/tasks", "tasks", isRequest: false),
  ]

  static let extensions: Value = [
    "io.modelcontextprotocol/tasks": [:], "io.example/named": ["a": 1], "io.example/unnamed": [:],
  ]
  static let client: Value = [
    "sampling": ["tools": [:]], "elicitation": ["form": [:], "url": [:]],
    "roots": ["listChanged": true],
    "tasks": ["list": [:], "requests": ["sampling": ["createMessage": [:]]]],
    "extensions": extensions, "experimental": ["io.example/unnamed": [:]],
  ]
  static let server: Value = [
    "tools": ["listChanged": true], "prompts": ["listChanged": true], "completions": [:],
    "logging": [:],
    "tasks": ["list": [:], "requests": ["tools": ["call": [:]]]], "extensions": extensions,
    "telepathy": [:],
  ]

  /// What is left of a declaration.
  static func left(_ declared: Value, without denied: String) -> Value {
    var left = declared.object
    left[denied] = nil
    left["telepathy"] = nil
    left["experimental"] = left["experimental"].map { _ in [:] }
    left["extensions"] =
      denied == "tasks"
      ? ["io.example/named": ["a": 1]]
      : ["io.modelcontextprotocol/tasks": [:], "io.example/named": ["a": 1]]
    if denied == "sampling", left["tasks"]?["requests"]["sampling"] != .null {
      left["tasks"] = ["list": [:], "requests": [:]]
    }
    return .object(left)
  }

  static func meta(more: [String: Value] = [:]) -> Value {
    .object(
      [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": client,
      ].merging(more) { $1 })
  }

  /// A session under a profile that denies one capability and names one extension.
  private static func session(denying denied: String) throws -> (scene: Scene, host: Host) {
    let scene = try Scene()
    let profile = try scene.write(
      """
      { "extends": "default",
        "protocol": { "\(denied)": "deny", "extensions": ["io.example/named"] } }
      """, to: "attenuated.jsonc")
    let host = try Host(
      scene.probe("puppet.py", options: ["--profile", profile], try server.text), in: scene)
    return (scene, host)
  }

  @Test(arguments: capabilities)
  func inALegacySession(_ denied: String) throws {
    let (scene, host) = try Self.session(denying: denied)
    let shaken = try host.order(
      "request",
      [
        "method": "initialize",
        "params": [
          "protocolVersion": "2025-11-25", "capabilities": Self.client,
          "clientInfo": ["name": "h", "version": "1"],
        ],
      ])
    #expect(shaken["result"]["capabilities"] == Self.left(Self.server, without: denied))
    let heard = try Self.heard(host)
    #expect(heard.count == 1)
    #expect(heard.first?["params"]["capabilities"] == Self.left(Self.client, without: denied))

    for (index, row) in Self.fromHost.enumerated() {
      try host.order("send", ["line": .string(row.line(id: "h\(index)"))])
    }
    for (index, row) in Self.fromHost.enumerated() where row.isRequest {
      let answer = try host.order("answer", ["id": .string("h\(index)")])
      #expect(
        answer["error"]["code"] == (row.capability == denied ? -32601 : .null), "\(row.method)")
      #expect((answer["result"] == .null) == (row.capability == denied), "\(row.method)")
    }
    #expect(
      try Self.heard(host).map { $0["method"].string }
        == Self.fromHost.filter { $0.capability != denied }.map(\.method))

    let lines = Self.fromServer.enumerated().map { Value.string($1.line(id: "s\($0)")) }
    try host.order("request", ["method": "puppet/say", "params": ["lines": .array(lines)]])
    for (index, row) in Self.fromServer.enumerated() where row.capability != denied {
      try host.order("await", ["method": .string(row.method)])
      guard row.isRequest else { continue }
      try host.order("send", ["line": .string(#"{"jsonrpc":"2.0","id":"s\#(index)","result":{}}"#)])
    }
    let raw = try host.order("lines")["lines"].array.compactMap(\.string)
    for row in Self.fromServer {
      #expect(
        raw.contains { $0.contains("\"method\":\"\(row.method)\"") } == (row.capability != denied),
        "\(row.method)")
    }
    let answers = try Self.heard(host)
    for (index, row) in Self.fromServer.enumerated() where row.isRequest {
      let answer = answers.first { $0["id"] == .string("s\(index)") } ?? .null
      #expect(
        answer["error"]["code"] == (row.capability == denied ? -32601 : .null), "\(row.method)")
      #expect((answer["result"] == .null) == (row.capability == denied), "\(row.method)")
    }
    try Self.check(scene, host, denied)
  }

  @Test(arguments: capabilities)
  func inAModernSession(_ denied: String) throws {
    let (scene, host) = try Self.session(denying: denied)
    let discovered = try host.order(
      "request", ["method": "server/discover", "params": ["_meta": Self.meta()]])
    #expect(discovered["result"]["capabilities"] == Self.left(Self.server, without: denied))
    let got = try host.order(
      "request",
      [
        "method": "resources/read",
        "params": [
          "uri": "p:q", "_meta": Self.meta(more: ["io.modelcontextprotocol/logLevel": "debug"]),
        ],
      ])
    #expect(got["result"]["resultType"] == "complete")
    for message in try Self.heard(host) {
      let meta = message["params"]["_meta"]
      #expect(
        meta["io.modelcontextprotocol/clientCapabilities"]
          == Self.left(Self.client, without: denied))
      #expect(
        (meta["io.modelcontextprotocol/logLevel"] == .null)
          == (denied == "logging" || message["method"] == "server/discover"))
    }

    for row in Self.fromHost where row.isRequest && row.capability == "tasks" {
      let answer = try host.order(
        "request", ["method": .string(row.method), "params": ["_meta": Self.meta()]])
      #expect(answer["error"]["code"] == (denied == "tasks" ? -32601 : .null), "\(row.method)")
    }

    // What a server wants to know is a value in its answer there.
    for row in Self.fromServer.prefix(3) {
      let asking: Value = [
        "resultType": "input_required", "requestState": "s",
        "inputRequests": ["one": ["method": .string(row.method), "params": [:]]],
      ]
      try Self.answer(host, asking)
      let isDenied = row.capability == denied
      let got = try host.order(
        "request", ["method": "resources/read", "params": ["uri": "p:q", "_meta": Self.meta()]])
      #expect(got["error"]["code"] == (isDenied ? -32603 : .null), "\(row.method)")
      #expect(got["result"] == (isDenied ? .null : asking), "\(row.method)")
      let called = try host.order(
        "request", ["method": "tools/call", "params": ["name": "act", "_meta": Self.meta()]])
      #expect((called["result"]["isError"] == true) == isDenied, "\(row.method)")
      #expect((called["result"]["inputRequests"] == .null) == isDenied, "\(row.method)")
    }
    try Self.answer(host, ["resultType": "task", "taskId": "1"])
    let task = try host.order(
      "request", ["method": "tools/call", "params": ["name": "act", "_meta": Self.meta()]])
    #expect((task["result"]["isError"] == true) == (denied == "tasks"))
    for (index, row) in Self.fromServer.enumerated()
    where !row.isRequest && ["logging", "tasks"].contains(row.capability) {
      let lines: Value = [.string(row.line(id: "s\(index)"))]
      try host.order("request", ["method": "puppet/say", "params": ["lines": lines]])
      let raw = try host.order("lines")["lines"].array.compactMap(\.string)
      #expect(
        raw.contains { $0.contains("\"method\":\"\(row.method)\"") } == (row.capability != denied),
        "\(row.method)")
    }
    try Self.check(scene, host, denied)
  }

  /// The host works in two directories, and one of them is granted: the server is told of that one.
  @Test func rootsThatAreNotGrantedAreTakenOut() throws {
    let scene = try Scene()
    let granted = scene.folder + "/granted place"
    try FileManager.default.createDirectory(atPath: granted, withIntermediateDirectories: true)
    let host = try Host(
      scene.probe("puppet.py", options: ["--read-only", granted], "{}"), in: scene)
    try host.connect()
    let encoded = granted.replacing(" ", with: "%20")
    let inside: [Value] = [
      ["uri": .string("file://\(encoded)"), "name": "g"], ["uri": .string("file://\(encoded)/a/")],
      ["uri": "file:///home/server"],
    ]
    let outside: [Value] = [
      ["uri": .string("file://\(scene.folder)")], ["uri": .string("file://\(encoded)2")],
      ["uri": .string("file://\(encoded)/../state")], ["uri": "https://example.com/x"],
      ["uri": "file:///tmp"],
    ]
    for round in 1...2 {
      let ask = Value.string(#"{"jsonrpc":"2.0","id":"r\#(round)","method":"roots/list"}"#)
      try host.order("request", ["method": "puppet/say", "params": ["lines": [ask]]])
      try host.order("await", ["method": "roots/list"])
      _ = try Self.heard(host)
      let answer: Value = [
        "jsonrpc": "2.0", "id": .string("r\(round)"), "result": ["roots": .array(outside + inside)],
      ]
      try host.order("send", ["line": .string(try answer.text)])
      let heard = try Self.heard(host)
      #expect(heard.map { $0["result"]["roots"] } == [.array(inside)])
    }
    let responses: Value = ["r": ["roots": .array(inside + outside)], "e": ["action": "cancel"]]
    try host.order(
      "request",
      [
        "method": "resources/read",
        "params": ["uri": "p:q", "inputResponses": responses, "_meta": Self.meta()],
      ])
    let retried = try Self.heard(host).last?["params"]["inputResponses"]
    #expect(retried == ["r": ["roots": .array(inside)], "e": ["action": "cancel"]])

    let ended = try host.leave()
    let errors = ended["stderr"].string ?? ""
    #expect(errors.components(separatedBy: "are not granted to the server").count == 2, "\(errors)")
    let event = try scene.audit("probe").first { $0["event"] == "roots" }
    #expect(event?["taken"] == 5)
    #expect(event?["listed"] == 8)
  }

  @Test func aCallsTraceIsInTheAuditLogAndPasses() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("puppet.py", "{}"), in: scene)
    try host.connect()
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let meta: Value = [
      "traceparent": .string(parent), "tracestate": "rojo=1", "baggage": "no baggage",
    ]
    try host.order(
      "request", ["method": "tools/call", "params": ["name": "act", "_meta": meta]])
    #expect(try Self.heard(host).last?["params"]["_meta"] == meta)
    try host.leave()
    let event = try scene.audit("probe").first { $0["event"] == "call" }
    #expect(event?["traceparent"].string == parent)
    #expect(event?["tracestate"] == "rojo=1")
    #expect(event?["malformedTrace"] == "baggage")
  }

  @Test func theDryRunSaysWhatIsDenied() throws {
    let scene = try Scene()
    let profile = try scene.write(
      #"{ "protocol": { "tasks": "deny", "extensions": ["io.example/x"] } }"#, to: "p.jsonc")
    let text = try scene.cordon(
      "run", "--name", "dry", "--profile", profile, "--dry-run", "--", "/usr/bin/true")
    #expect(text.status == 0)
    #expect(text.output.contains("denied of the protocol: tasks\n"))
    #expect(text.output.contains("extensions of the protocol:\n  io.example/x\n"))
    let json = try scene.cordon(
      "run", "--name", "dry", "--profile", profile, "--dry-run", "--format", "json", "--",
      "/usr/bin/true")
    #expect(
      try Value.parse(json.output)["protocol"] == [
        "sampling": "allow", "elicitation": "allow", "roots": "allow", "logging": "allow",
        "tasks": "deny", "extensions": ["io.example/x"],
      ])
    let wrong = try scene.write(
      "{\n  \"protocol\": { \"smapling\": \"deny\" }\n}", to: "wrong.jsonc")
    let refused = try scene.cordon(
      "run", "--name", "dry", "--profile", wrong, "--", "/usr/bin/true")
    #expect(refused.status == 78)
    #expect(refused.errors.contains("wrong.jsonc:2:17: unknown key \"smapling\""))
    #expect(refused.errors.contains("did you mean \"sampling\""))
  }

  /// The lines that the server got since it was asked last.
  private static func heard(_ host: Host) throws -> [Value] {
    let answer = try host.order("request", ["method": "puppet/heard"])
    return try answer["result"]["lines"].array.compactMap(\.string).map { try Value.parse($0) }
  }

  private static func answer(_ host: Host, _ result: Value) throws {
    for method in ["resources/read", "tools/call"] {
      try host.order(
        "request",
        ["method": "puppet/answer", "params": ["method": .string(method), "result": result]])
    }
  }

  /// Stderr says each once, with what would allow it; the audit log has it.
  private static func check(_ scene: Scene, _ host: Host, _ denied: String) throws {
    let ended = try host.leave()
    let errors = ended["stderr"].string ?? ""
    let told = errors.components(separatedBy: #""protocol": { "\#(denied)": "allow" }"#)
    #expect(told.count == 2, "\(errors)")
    let unnamed = errors.components(
      separatedBy: #""protocol": { "extensions": ["io.example/unnamed"] }"#)
    #expect(unnamed.count == 2, "\(errors)")
    #expect(!errors.contains("io.example/named"))
    let events = try scene.audit("probe")
    #expect(events.contains { $0["event"] == "denied" && $0["capability"].string == denied })
    #expect(
      events.contains {
        $0["event"] == "attenuated" && $0["capability"] == "io.example/unnamed"
      })
    #expect(
      !events.contains { $0["event"] == "denied" && $0["capability"].string != denied })
  }
}
