import Foundation
import Testing

/// A person at a terminal decides; and what the store does when it is not as it was left.
@Suite struct ReviewTests {
  /// A first launch whose tools all wait.
  func waiting(_ scene: Scene) throws -> Host {
    let host = try Host(scene.example("notes_server.py", trust: false), in: scene)
    try host.connect()
    #expect(try host.tools().names == ["cordon_review"])
    return host
  }

  func terminal(_ scene: Scene, typing: [String], _ command: [String]) throws -> Finished {
    try Finished.run(
      [Places.python, Places.drivers + "/terminal.py", "15"] + typing + ["--"] + command,
      environment: scene.environment.merging(["TERM": "xterm"]) { $1 })
  }

  @Test func onePersonDecidesOnOneItemAtATime() throws {
    let scene = try Scene()
    let host = try waiting(scene)
    let items = try scene.manifest("notes")["waiting"]["items"].array
    // A space asks for more where an item is longer than the screen, and is no answer elsewhere.
    let keys = items.flatMap { $0["name"].string == "read_note" ? [" ", "r"] : [" ", "a"] }
    let review = try terminal(
      scene, typing: keys, [Places.binary, "review", "notes"])
    #expect(review.status == 0, "\(review.output)")
    #expect(review.output.contains("of \(items.count)"))
    #expect(review.output.contains("a short title"), "the schema's words are shown too")
    try host.awaitListChanged()
    #expect(try host.tools().names == ["add_note", "list_notes", "inspect_sandbox"])
    let after = try scene.manifest("notes")
    #expect(after["rejected"]["items"].names == ["read_note"])
    #expect(after["waiting"]["items"].count == 0)
    try host.leave()
  }

  @Test func leavingDecidesNothing() throws {
    let scene = try Scene()
    let host = try waiting(scene)
    let before = try scene.manifest("notes")
    _ = try terminal(scene, typing: ["q"], [Places.binary, "review", "notes"])
    #expect(try scene.manifest("notes") == before)
    try host.leave()
  }

  @Test func aReviewWithoutATerminalIsRefused() throws {
    let scene = try Scene()
    let host = try waiting(scene)
    let before = try scene.manifest("notes")
    let review = try scene.cordon("review", "notes", input: "a\na\na\na\na\n")
    #expect(review.status != 0)
    #expect(try scene.manifest("notes") == before)
    try host.leave()
  }

  @Test func whatIsForgottenIsAskedAgain() throws {
    let scene = try Scene()
    let host = try Host(scene.example("notes_server.py"), in: scene)
    try host.connect()
    #expect(try host.tools().count == 4)
    try host.leave()
    let forgotten = try scene.cordon("manifest", "forget", "notes")
    #expect(forgotten.status == 0, "\(forgotten.errors)")
    #expect(try scene.manifest("notes")["approved"]["items"].count == 0)
    let next = try Host(scene.example("notes_server.py", trust: false), in: scene)
    let answer = try next.attempt("connect")
    // Whether the launch itself is asked about first or not, no tool is let through.
    if answer["result"] != .null { #expect(try next.tools().names == ["cordon_review"]) }
    try next.leave()
  }

  @Test func aDamagedStoreIsKeptAsideAndApprovesNothing() throws {
    let scene = try Scene()
    let argv = scene.example("notes_server.py")
    let host = try Host(argv, in: scene)
    try host.connect()
    _ = try host.tools()
    try host.leave()
    _ = try scene.write("{ damaged", to: "state/approvals/notes.json")
    let refused = try Host(argv, in: scene)
    #expect(try refused.attempt("connect")["error"]["code"] == -32603)
    let ended = try refused.order("wait", ["seconds": 5])
    #expect(ended["status"] == 74)
    #expect(ended["stderr"].string?.contains("notes.json.damaged-1") == true, "\(ended)")
    let files = try FileManager.default.contentsOfDirectory(
      atPath: scene.folder + "/state/approvals")
    #expect(files.contains("notes.json.damaged-1"))
    // Not even with --first-use trust: this name was used before, by whatever.
    let next = try Host(argv, in: scene)
    #expect(try next.attempt("connect")["error"]["code"] == -32603)
    #expect(try next.order("wait", ["seconds": 5])["status"] == 77)
    #expect(try scene.manifest("notes")["approved"]["items"].count == 0)
  }
}
