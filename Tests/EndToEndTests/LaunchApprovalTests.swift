import Foundation
import Testing

/// A launch that waits for a person: nothing of it has run, and everybody is told what to do.
@Suite struct LaunchApprovalTests {
  private func refused(_ argv: [String], in scene: Scene) throws -> String {
    let host = try Host(argv, in: scene)
    let answer = try host.attempt("connect", ["era": "legacy"])
    #expect(answer["error"]["code"] == -32603)
    let message = answer["error"]["message"].string ?? ""
    let ended = try host.order("wait", ["seconds": 5])
    #expect(ended["status"] == 77)
    #expect(ended["stderr"].string?.contains("cordon review notes") == true, "\(ended)")
    return message
  }

  private func profile(_ text: String, in scene: Scene) throws {
    _ = try scene.write(text, to: "config/profiles/rules.jsonc")
  }

  private func launch(_ scene: Scene, _ options: String..., last: String...) -> [String] {
    scene.run(
      "notes", options: ["--profile", "rules", "--read-only", Places.examples] + options,
      command: [Places.python, Places.examples + "/notes_server.py"] + last)
  }

  @Test func theFirstLaunchWaitsWhereTheProfileSaysSo() throws {
    let scene = try Scene()
    try profile(#"{ "extends": ["default"], "launch": "ask" }"#, in: scene)
    let argv = launch(scene)
    let message = try refused(argv, in: scene)
    #expect(message.contains("cordon review notes"))
    #expect(message.contains("has not been started before"))
    let events = try scene.audit("notes").compactMap { $0["event"].string }
    #expect(events == ["withheld"], "nothing was started")
    let waiting = try scene.manifest("notes")["waiting"]["items"].array
    #expect(waiting.compactMap { $0["kind"].string } == ["launch"])
    let digest = try #require(waiting[0]["digest"].string)
    #expect(!message.contains(digest.prefix(12)), "a model may read it")
    // Again, since nobody has decided.
    _ = try refused(argv, in: scene)
    #expect(try scene.cordon("approve", "notes", "launch:@\(digest)").status == 0)
    let host = try Host(argv, in: scene)
    try host.connect()
    #expect(try host.tools().count == 4)
    try host.leave()
    // Without the rule a changed launch waits all the same: a person has decided about this name.
    try profile(#"{ "extends": ["default"] }"#, in: scene)
    #expect(try refused(launch(scene, last: "--era", "legacy"), in: scene).contains("differs"))
  }

  /// Root's configuration is the administrator's; a user's own says nothing for others.
  @Test func theAdministratorsWordHoldsForAll() throws {
    let scene = try Scene()
    _ = try scene.write(#"{ "launch": "ask" }"#, to: "config/policy.jsonc")
    let argv = scene.example("notes_server.py")
    if Places.isRoot {
      #expect(try refused(argv, in: scene).contains("config/policy.jsonc:1"))
      _ = try scene.write(#"{ "launch": "ask" }"#, to: "config/policy.jsonc", permissions: 0o622)
      #expect(try scene.cordon("run", "--dry-run", "--name", "x", "--", "/bin/true").status == 78)
    } else {
      let host = try Host(argv, in: scene)
      try host.connect()
      #expect(try host.tools().count == 4)
      try host.leave()
    }
  }

  /// Everything that a person approves with a launch: each thing alone, changed, is asked about, is
  /// shown where it stands, and starts once it is approved.
  @Test func everyPartOfALaunchIsAskedAbout() throws {
    let scene = try Scene()
    let plain = #"{ "extends": ["default"] "#
    let rules: [(field: String, text: String)] = [
      ("grants.manifest", #", "manifest": { "text": "report" } }"#),
      ("grants.manifest", #", "manifest": { "annotations": "withhold" } }"#),
      ("grants.limits", #", "limits": { "processes": 100 } }"#),
      ("grants[\"protocol.denied\"]", #", "protocol": { "sampling": "deny" } }"#),
      ("grants[\"system.deny\"]", #", "system": { "deny": ["ptrace"] } }"#),
      ("environment.NODE_OPTIONS", #", "environment": { "set": { "NODE_OPTIONS": "x" } } }"#),
      ("grants[\"filesystem.home\"]", #", "filesystem": { "home": "temporary" } }"#),
    ]
    try profile(plain + "}", in: scene)
    let host = try Host(launch(scene), in: scene)
    try host.connect()
    #expect(try host.tools().count == 4)
    try host.leave()
    var played = 0
    func play(_ field: String, _ argv: [String]) throws {
      let before = played
      _ = try refused(argv, in: scene)
      let waiting = try scene.manifest("notes")["waiting"]["items"].array
      let difference = try scene.cordon("manifest", "diff", "notes", "--format", "json")
      let paths = try Value.parse(difference.output)["items"].array.first {
        $0["kind"].string == "launch"
      }?["differences"].array.compactMap { $0["path"].string }
      #expect(paths?.contains { $0.hasPrefix(field) } == true, "\(field): \(paths ?? [])")
      let digest = try #require(waiting.first { $0["kind"].string == "launch" }?["digest"].string)
      #expect(try scene.cordon("approve", "notes", "launch:@\(digest)").status == 0)
      let host = try Host(argv, in: scene)
      #expect(try host.attempt("connect")["result"] != .null, "\(field)")
      try host.leave()
      played = before + 1
    }
    for (field, text) in rules {
      try profile(plain + text, in: scene)
      try play(field, launch(scene))
    }
    try profile(plain + "}", in: scene)
    try play("grants[\"filesystem.home\"]", launch(scene))
    try play("environment.LOG", launch(scene, "--env", "LOG=1"))
    try play("environment.LOG", launch(scene, "--env", "LOG=2"))
    try play("grants[\"environment.pass\"]", launch(scene, "--env", "LOG"))
    try play("grants[\"filesystem.readOnly\"]", launch(scene, "--read-only", Places.peers))
    try play("arguments", launch(scene, last: "--era", "legacy"))
    #expect(played == rules.count + 6)
  }

  @Test func theReviewShowsEveryByteOfTheCommand() throws {
    let scene = try Scene()
    try profile(#"{ "extends": ["default"], "launch": "ask" }"#, in: scene)
    let long = (0..<2000).map { "word\($0)" }.joined(separator: "-")
    _ = try refused(launch(scene, last: "--label", long, "\u{1B}[2K\nrm -rf ~"), in: scene)
    let shown = try scene.cordon("manifest", "diff", "notes", "--format", "json").output
    #expect(shown.contains(long))
    let review = try Finished.run(
      [Places.python, Places.drivers + "/terminal.py", "15", "q", "--"]
        + [Places.binary, "review", "notes"],
      environment: scene.environment.merging(["TERM": "dumb"]) { $1 })
    #expect(!review.output.contains("\u{1B}[2K\n"))
  }
}
