import Foundation
import Testing

/// The twin that changes its words on its second launch, in both eras.
@Suite struct RugPullTests {
  static let poison = "id_ed25519"

  /// A first, harmless launch, whose tools are trusted as they are.
  func trusted(_ scene: Scene, _ arguments: String...) throws -> [String] {
    let argv = scene.run(
      "twin", options: ["--read-only", Places.examples],
      command: [Places.python, Places.examples + "/rug_pull_server.py"] + arguments)
    let host = try Host(argv, in: scene)
    let hello = try host.connect()
    #expect(hello["instructions"].string?.contains(Self.poison) == false)
    #expect(try host.tools().names == ["add_note", "list_notes", "read_note", "inspect_sandbox"])
    #expect(try host.leave()["status"] == 0)
    return argv
  }

  func pinned(_ kind: String, _ name: String, _ state: String = "waiting", in manifest: Value)
    -> String?
  {
    manifest[state]["items"].array.first {
      $0["kind"].string == kind && $0["name"].string == name
    }?["digest"].string
  }

  @Test(arguments: Era.allCases, [("tool", "list_notes"), ("second-page", "read_note")])
  func aChangedToolIsWithheldUntilApproved(era: Era, variant: (poison: String, tool: String))
    throws
  {
    let scene = try Scene()
    let argv = try trusted(scene, "--poison", variant.poison)
    let host = try Host(argv, in: scene)
    try host.connect(era)
    let tools = try host.tools()
    #expect(!tools.names.contains(variant.tool))
    #expect(tools.names.contains("cordon_review"))
    #expect(tools.count == 4)
    #expect(!(try tools.text.contains(Self.poison)))
    #expect(
      try host.order("stderr", ["text": "cordon review twin", "seconds": 5])["found"] == true)

    let digest = try #require(pinned("tool", variant.tool, in: scene.manifest("twin")))
    let refused = try host.call(variant.tool, ["title": "Tea"])
    #expect(refused["isError"] == true)
    let words = refused["content"][0]["text"].string ?? ""
    #expect(words.contains("cordon review twin"))
    #expect(!words.contains(digest.prefix(12)), "a model reads it")
    #expect(try host.call("add_note", ["title": "Tea", "text": "green"])["isError"] == false)

    let difference = try scene.cordon("manifest", "diff", "twin")
    #expect(difference.status == 1)
    #expect(difference.output.contains(Self.poison))
    #expect(difference.output.contains("without telling the user"))
    #expect(difference.output.contains("description"))

    let approved = try scene.cordon("approve", "twin", "tool:\(variant.tool)@\(digest)")
    #expect(approved.status == 0, "\(approved.errors)")
    try host.awaitListChanged()
    let after = try host.tools()
    #expect(after.names == ["add_note", "list_notes", "read_note", "inspect_sandbox"])
    let changed = after.array.first { $0["name"].string == variant.tool }
    #expect(changed?["description"].string?.contains(Self.poison) == true)
    #expect(try host.call(variant.tool, ["title": "Tea"])["isError"] == false)
    #expect(try host.leave()["status"] == 0)

    #expect(try scene.cordon("manifest", "diff", "twin").status == 0)
    let next = try Host(argv, in: scene)
    try next.connect(era)
    #expect(try next.tools().count == 4)
    try next.leave()
  }

  @Test(arguments: Era.allCases)
  func changedInstructionsArriveWithTheHandshakeAfterTheApproval(era: Era) throws {
    let scene = try Scene()
    let argv = try trusted(scene, "--poison", "instructions")
    let host = try Host(argv, in: scene)
    let hello = try host.connect(era)
    let words = hello["instructions"].string ?? ""
    #expect(!words.contains(Self.poison))
    #expect(words.contains("cordon review twin"))
    #expect(try host.tools().names.contains("list_notes"))
    #expect(try host.call("list_notes")["isError"] == false)
    let difference = try scene.cordon("manifest", "diff", "twin")
    #expect(difference.status == 1)
    #expect(difference.output.contains(Self.poison))
    let digest = try #require(pinned("instructions", "", in: scene.manifest("twin")))
    let approved = try scene.cordon("approve", "twin", "instructions:@\(digest)")
    #expect(approved.status == 0, "\(approved.errors)")
    try host.leave()

    let next = try Host(argv, in: scene)
    let later = try next.connect(era)["instructions"].string ?? ""
    #expect(later.contains(Self.poison))
    #expect(!later.contains("cordon review"))
    try next.leave()
  }

  @Test(arguments: Era.allCases)
  func aChangeDuringASessionIsWithheldToo(era: Era) throws {
    let scene = try Scene()
    let host = try Host(
      scene.example("rug_pull_server.py", name: "twin", "--during-session"), in: scene)
    try host.connect(era)
    #expect(try host.tools().count == 4)
    _ = try host.text(of: "list_notes")
    try host.awaitListChanged()
    #expect(try host.call("list_notes")["isError"] == true)
    #expect(
      try host.tools().names.sorted() == [
        "add_note", "cordon_review", "inspect_sandbox", "read_note",
      ])
    try host.leave()
  }

  @Test(arguments: SDKClient.allCases)
  func theOfficialSDKsSeeTheSame(client: SDKClient) throws {
    let scene = try Scene()
    let argv = try trusted(scene)
    let scenario = try Scenario(
      client, argv,
      calls: [["list_notes", [:]], ["add_note", ["title": "Tea", "text": "green"]]],
      pause: true, in: scene)
    defer { scenario.end() }
    let before = try scenario.round()
    #expect(!before["tools"].names.contains("list_notes"))
    #expect(before["calls"][0]["isError"] == true)
    #expect(before["calls"][1]["isError"] == false)
    let digest = try #require(scene.manifest("twin")["waiting"]["digest"].string)
    #expect(try scene.cordon("approve", "twin", "--manifest", digest).status == 0)
    try scenario.goOn()
    let after = try scenario.round()
    #expect(after["tools"].names.contains("list_notes"))
    #expect(after["calls"][0]["isError"] == false)
  }

  @Test func withoutTrustEverythingWaits() throws {
    let scene = try Scene()
    let host = try Host(scene.example("notes_server.py", trust: false), in: scene)
    try host.connect()
    #expect(try host.tools().names == ["cordon_review"])
    #expect(try host.call("add_note", ["title": "a", "text": "b"])["isError"] == true)
    let waiting = try scene.manifest("notes")["waiting"]
    #expect(
      Set(waiting["items"].names).isSuperset(
        of: ["add_note", "list_notes", "read_note", "inspect_sandbox"]))
    let digest = try #require(waiting["digest"].string)
    let approved = try scene.cordon("approve", "notes", "--manifest", digest)
    #expect(approved.status == 0, "\(approved.errors)")
    try host.awaitListChanged()
    #expect(try host.tools().count == 4)
    #expect(try host.call("add_note", ["title": "a", "text": "b"])["isError"] == false)
    try host.leave()
  }

  @Test func whatWasRejectedStaysAway() throws {
    let scene = try Scene()
    let argv = try trusted(scene)
    let host = try Host(argv, in: scene)
    try host.connect()
    _ = try host.tools()
    let digest = try #require(pinned("tool", "list_notes", in: scene.manifest("twin")))
    #expect(try scene.cordon("reject", "twin", "tool:list_notes@\(digest)").status == 0)
    try host.leave()
    let manifest = try scene.manifest("twin")
    #expect(pinned("tool", "list_notes", "rejected", in: manifest) == digest)
    #expect(pinned("tool", "list_notes", in: manifest) == nil)
    let next = try Host(argv, in: scene)
    try next.connect()
    #expect(!(try next.tools().names.contains("list_notes")))
    #expect(try next.call("list_notes")["isError"] == true)
    try next.leave()
  }

  @Test func aDecisionNamesTheDigestThatIsThere() throws {
    let scene = try Scene()
    let argv = try trusted(scene)
    let host = try Host(argv, in: scene)
    try host.connect()
    _ = try host.tools()
    let wrong = String(repeating: "0", count: 64)
    #expect(try scene.cordon("approve", "twin", "tool:list_notes@\(wrong)").status == 77)
    #expect(try scene.cordon("approve", "twin", "--manifest", wrong).status == 77)
    #expect(!(try host.tools().names.contains("list_notes")))
    try host.leave()
  }

  @Test func theHostsOwnChildrenMayNotDecide() throws {
    let scene = try Scene()
    let argv = try trusted(scene)
    let host = try Host(argv, in: scene)
    try host.connect()
    _ = try host.tools()
    let manifest = try scene.manifest("twin")
    let digest = try #require(manifest["waiting"]["digest"].string)
    let item = try #require(pinned("tool", "list_notes", in: manifest))
    for decision in [
      ["approve", "twin", "--manifest", digest], ["approve", "twin", "tool:list_notes@\(item)"],
      ["reject", "twin", "tool:list_notes@\(item)"], ["manifest", "forget", "twin"],
    ] {
      let refused = try host.order(
        "run",
        [
          "argv": Value([Places.binary] + decision), "environment": Value(scene.environment),
        ])
      #expect(refused["status"] == 77, "\(decision)")
      #expect(
        refused["stderr"].string?.contains("program that uses the running server") == true)
    }
    #expect(try scene.manifest("twin") == manifest)
    #expect(!(try host.tools().names.contains("list_notes")))
    try host.leave()
  }

  @Test func aServerThatCannotTellOfChangesIsSpokenForByCordon() throws {
    let scene = try Scene()
    let time = SDKTests.program("mcp-server-time", "sdk1")
    let host = try Host(scene.run("time", trust: false, time, "--local-timezone=UTC"), in: scene)
    let hello = try host.connect()
    #expect(hello["capabilities"]["tools"]["listChanged"] == true)
    #expect(try host.tools().names == ["cordon_review"])
    let digest = try #require(scene.manifest("time")["waiting"]["digest"].string)
    #expect(try scene.cordon("approve", "time", "--manifest", digest).status == 0)
    try host.awaitListChanged()
    #expect(try host.tools().names.contains("get_current_time"))
    try host.leave()
  }

  @Test func anotherLaunchUnderAnApprovedNameIsRefused() throws {
    let scene = try Scene()
    _ = try trusted(scene)
    let other = scene.example("rug_pull_server.py", name: "twin", "--poison", "instructions")
    let host = try Host(other, in: scene)
    let answer = try host.attempt("connect", ["era": "legacy"])
    #expect(answer["error"]["code"] == -32603)
    let ended = try host.order("wait", ["seconds": 5])
    #expect(ended["status"] == 77)
    #expect(ended["stderr"].string?.contains("cordon review twin") == true, "\(ended)")
    let digest = try #require(scene.manifest("twin")["waiting"]["digest"].string)
    #expect(try scene.cordon("manifest", "diff", "twin").output.contains("instructions"))
    #expect(try scene.cordon("approve", "twin", "--manifest", digest).status == 0)
    let next = try Host(other, in: scene)
    try next.connect()
    #expect(try next.call("add_note", ["title": "a", "text": "b"])["content"] != .null)
    try next.leave()
  }
}
