import Foundation
import Testing

/// The message path, with a host and a server that do not behave.
@Suite struct MessageTests {
  @Test(arguments: [
    ("not JSON", #"{"jsonrpc":"2.0","id":41,"#, false),
    ("a repeated key", #"{"jsonrpc":"2.0","id":41,"method":"ping","method":"tools/list"}"#, true),
    ("null as id", #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, false),
    ("a fraction as id", #"{"jsonrpc":"2.0","id":4.1,"method":"ping"}"#, false),
    ("a batch", #"[{"jsonrpc":"2.0","id":41,"method":"ping"}]"#, true),
    ("a lone surrogate", #"{"jsonrpc":"2.0","id":41,"method":"\ud800"}"#, true),
    ("two documents", #"{"jsonrpc":"2.0","id":41,"method":"ping"}{}"#, true),
  ])
  func whatAHostMayNotSayIsRefused(name: String, line: String, hasAnID: Bool) throws {
    let scene = try Scene()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    try host.order("send", ["line": .string(line)])
    if hasAnID {
      // The answer names the id where it can be known for certain.
      let named = try host.attempt("answer", ["id": 41, "seconds": 1])
      let answer =
        named["failure"] == .null ? named : try host.order("answer", ["id": .null, "seconds": 2])
      #expect([-32700, -32600].contains(answer["error"]["code"].int ?? 0), "\(answer)")
    }
    // The session goes on.
    #expect(try host.text(of: "act", ["characters": 3]) == "xxx")
    try host.leave()
    #expect(try scene.audit("probe").contains { $0["event"].string?.contains("refuse") == true })
  }

  @Test(arguments: [
    "prose", "empty", "broken", "array", "duplicate", "latin-1", "deep", "unasked", "null-id",
    "fraction-id", "surrogate", "two",
  ])
  func whatAServerMayNotSayDoesNotReachTheHost(utterance: String) throws {
    let scene = try Scene()
    let host = try Host(scene.probe("rambling.py"), in: scene)
    try host.connect()
    #expect(try host.tools().names == ["act"])
    let before = try host.order("lines")["lines"].count
    #expect(try host.text(of: "act", ["say": [.string(utterance)]]) == "said\u{2028}it")
    let lines = try host.order("lines")["lines"].array.dropFirst(before)
    #expect(lines.count == 1, "\(lines)")
    // One line for every reader, whatever it splits at.
    let line = lines.first?.string ?? ""
    #expect(
      !line.unicodeScalars.contains { "\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) })
    try host.leave()
  }

  @Test(arguments: [1_000_000, 16_000_000])
  func aLargeResultArrivesWhole(characters: Int) throws {
    let scene = try Scene()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    let result = try host.order(
      "request",
      [
        "method": "tools/call", "measure": true,
        "params": ["name": "act", "arguments": ["characters": .number(Double(characters))]],
      ])
    #expect(result["characters"].int == characters)
    #expect(result["kinds"] == "x")
    try host.leave()
  }

  @Test func aMessageOverTheLimitIsRefusedAndTheSessionGoesOn() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    let answer = try host.attempt(
      "request",
      [
        "method": "tools/call", "seconds": 10,
        "params": ["name": "act", "arguments": ["characters": 20_000_000]],
      ])
    #expect(answer["error"]["code"].int != nil, "\(answer)")
    #expect(try host.text(of: "act", ["characters": 3]) == "xxx")
    try host.leave()
  }

  /// The relay's memory as the kernel counts it, in kB.
  private func memory(below pid: Int) -> Int {
    ProcessTree.below(pid).filter { $0.pid != pid && !$0.name.hasPrefix("python") }
      .compactMap { ProcessTree.status($0.pid, "VmRSS")?.split(separator: " ").first }
      .compactMap { Int($0) }.max() ?? 0
  }

  @Test func aHostThatDoesNotReadStopsTheServerFromBeingRead() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("flooding.py"), in: scene, reading: false)
    try host.order(
      "send",
      [
        "line": .string(
          #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"h","version":"1"}}}"#
        )
      ])
    try host.order(
      "send", ["line": .string(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)])
    try host.order(
      "send", ["line": .string(#"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{}}"#)])
    try host.order(
      "send",
      [
        "line": .string(
          #"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"act","arguments":{}}}"#)
      ])
    usleep(1_500_000)
    let before = memory(below: host.pid)
    usleep(1_000_000)
    let after = memory(below: host.pid)
    #expect(before > 0)
    #expect(after <= before + 1024, "kB: \(before), then \(after)")
    #expect(after < 40_000, "kB")
    try host.order("signal", ["number": 15])
    #expect(try host.order("wait", ["seconds": 2])["status"] == 143)
  }

  @Test func aServerThatDoesNotReadStopsTheHostFromBeingRead() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("deaf.py"), in: scene)
    let hello = try host.order(
      "request",
      [
        "method": "initialize",
        "params": [
          "protocolVersion": "2025-11-25", "capabilities": [:],
          "clientInfo": ["name": "h", "version": "1"],
        ],
      ])
    #expect(hello["result"] != .null)
    try host.order(
      "send", ["line": .string(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)])
    let written = try #require(
      host.order("fill", ["seconds": 1, "limit": 200_000_000])["written"].int)
    #expect(written < 64_000_000)
    #expect(memory(below: host.pid) < 80_000, "kB")
    try host.order("signal", ["number": 15])
    #expect(try host.order("wait", ["seconds": 2])["status"] == 143)
  }

  @Test func twoSessionsOfOneServerAtOnce() throws {
    let scene = try Scene()
    let hosts = try (0..<2).map { _ in
      try Host(scene.example("notes_server.py", trust: false), in: scene)
    }
    for host in hosts { try host.connect() }
    for host in hosts { #expect(try host.tools().names == ["cordon_review"]) }
    let digest = try #require(scene.manifest("notes")["waiting"]["digest"].string)
    #expect(try scene.cordon("approve", "notes", "--manifest", digest).status == 0)
    for host in hosts {
      try host.awaitListChanged()
      #expect(try host.tools().count == 4)
    }
    // One home for both.
    _ = try hosts[0].text(of: "add_note", ["title": "Shared", "text": "x"])
    #expect(try hosts[1].text(of: "list_notes") == "Shared")
    for host in hosts { #expect(try host.leave()["status"] == 0) }
  }

  @Test func theAuditLogTellsWhatHappenedAndNoContent() throws {
    let scene = try Scene()
    let host = try Host(scene.example("notes_server.py"), in: scene)
    try host.connect()
    _ = try host.tools()
    _ = try host.text(of: "add_note", ["title": "Confidential", "text": "the plan"])
    try host.leave()
    let events = try scene.audit("notes").compactMap { $0["event"].string }
    for event in ["launch", "handshake", "list", "call", "exit"] {
      #expect(events.contains { $0.contains(event) }, "\(event) in \(events)")
    }
    let text = try scene.auditText("notes")
    #expect(!text.contains("Confidential"))
    #expect(!text.contains("the plan"))
    let path = scene.folder + "/state/audit/notes.jsonl"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    for event in try scene.audit("notes") {
      #expect(event["time"].string?.hasSuffix("Z") == true)
      #expect(event["server"] == "notes")
      #expect(event["session"] != .null)
    }
  }
}
