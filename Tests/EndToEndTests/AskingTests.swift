import Foundation
import Testing

/// The other ways to ask: the host's elicitation, played by the official SDK of both generations in
/// both eras, and a program of the profile's.
@Suite struct AskingTests {
  private static func profile(
    _ scene: Scene, _ approval: String, seconds: Int = 2
  ) throws {
    _ = try scene.write(
      #"{ "approval": \#(approval), "timeouts": { "approval": "\#(seconds)s" } }"#,
      to: "config/profiles/asking.jsonc")
  }

  /// Nothing is trusted; `add_note`, once it is called, has `list_notes` change.
  private static func argv(_ scene: Scene) -> [String] {
    scene.example(
      "rug_pull_server.py", name: "twin", trust: false, options: ["--profile", "asking"],
      "--during-session")
  }

  private func states(_ scene: Scene) throws -> [String: String] {
    let manifest = try scene.manifest("twin")
    var states: [String: String] = [:]
    for state in ["rejected", "waiting", "approved"] {
      for item in manifest[state]["items"].array where item["kind"].string == "tool" {
        states[item["name"].string ?? ""] = state
      }
    }
    return states
  }

  // MARK: Elicitation

  private func rounds(
    _ client: SDKClient, _ scene: Scene, _ rounds: [(String, [String])]
  ) throws -> [Value] {
    let plan: Value = [
      "mode": .string(client.mode), "argv": Value(Self.argv(scene)),
      "environment": Value(scene.environment),
      "stderr": .string(scene.folder + "/client-\(client.mode).stderr"),
      "rounds": .array(rounds.map { .array([.string($0), Value($1)]) }),
    ]
    let driver = try Driver(
      [
        Places.environments + "/\(client.generation)/bin/python",
        Places.drivers + "/asking.py", plan.text,
      ], environment: scene.environment)
    defer { driver.end() }
    return try rounds.map { _ in try driver.receive() }
  }

  @Test(arguments: [SDKClient.sdk1, .sdk2Legacy, .sdk2Modern])
  func aHostThatShowsFormsIsAsked(client: SDKClient) throws {
    let scene = try Scene()
    try Self.profile(scene, #"{ "elicitation": "allow" }"#)
    // 1.x answers one request of a server's after the other, and nothing else meanwhile.
    let changes = client != .sdk1
    let first = try rounds(
      client, scene,
      [
        ("inspect_sandbox", ["decline"]), ("inspect_sandbox", []), ("read_note", ["empty"]),
        ("list_notes", changes ? ["change", "approve"] : ["approve"]),
        ("list_notes", ["reject"]), ("add_note", changes ? [] : ["bare"]),
      ])
    let unapproved = "nobody has approved it"
    #expect(first.allSatisfy { $0["unused"].array.isEmpty }, "\(first)")
    // Declined, and not asked again.
    for round in first[0...1] {
      #expect(round["isError"] == true)
      #expect(round["text"].string?.contains(unapproved) == true, "\(round)")
    }
    #expect(first[0]["questions"].array.count == 1)
    #expect(first[1]["questions"].array.isEmpty)
    // Accepted without a choice, as a host does that accepts whatever comes.
    #expect(first[2]["text"].string?.contains(unapproved) == true, "\(first[2])")
    // The next call asks about what there is now.
    let question = try #require(first[4]["questions"][0]["message"].string)
    #expect(question.contains(RugPullTests.poison))
    #expect(first[4]["text"].string?.contains("rejected") == true, "\(first[4])")
    if changes {
      // The person approved what is there no more; the other tool was approved meanwhile.
      #expect(first[3]["text"].string?.contains(unapproved) == true, "\(first[3])")
      #expect(first[3]["questions"].array.count == 2)
      #expect(first[5]["isError"] == false, "\(first[5])")
    } else {
      #expect(first[3]["isError"] == false, "\(first[3])")
      #expect(question.contains("changed since it was approved"))
      #expect(first[5]["text"].string?.contains(unapproved) == true, "\(first[5])")
    }
    try checkQuestion(first[0]["questions"][0], scene)
    #expect(
      try states(scene) == [
        "inspect_sandbox": "waiting", "read_note": "waiting",
        "list_notes": changes ? "rejected" : "approved",
        "add_note": changes ? "approved" : "waiting",
      ])

    // Too late, and in time; a new session asks again.
    let second = try rounds(
      client, scene, [("read_note", ["hang"]), ("inspect_sandbox", ["approve"])])
    #expect(second[0]["isError"] == true, "\(second[0])")
    #expect(second[1]["isError"] == false, "\(second[1])")
    let states = try states(scene)
    #expect(states["read_note"] == "waiting")
    #expect(states["inspect_sandbox"] == "approved")
    try checkLog(scene)
  }

  private func checkQuestion(_ question: Value, _ scene: Scene) throws {
    let message = try #require(question["message"].string)
    #expect(message.contains("inspect_sandbox"))
    #expect(message.contains("`cordon review twin`"))
    #expect(message.contains("What the server sees of the machine it runs on"))
    // The means to approve is not in it.
    let waiting = try scene.manifest("twin")["waiting"]["items"].array
    #expect(waiting.allSatisfy { !message.contains($0["digest"].string ?? "none") })
    let schema = question["schema"]
    #expect(schema["required"] == ["decision"])
    #expect(schema["properties"]["decision"]["enum"] == ["later", "reject", "approve"])
    #expect(schema["properties"]["decision"]["default"] == .null)
  }

  private func checkLog(_ scene: Scene) throws {
    let events = try scene.audit("twin")
    let approvals = events.filter { $0["event"].string == "approval" }
    #expect(!approvals.isEmpty)
    for approval in approvals {
      #expect(approval["how"].string == "elicitation")
      #expect(approval["who"].string == "uid \(geteuid())")
      #expect(approval["digest"].string?.count == 64)
    }
    let answers = events.filter { $0["event"].string == "answered" }
      .compactMap { $0["answer"].string }
    #expect(Set(answers).isSuperset(of: ["declined", "unclear", "approve", "unanswered"]))
    let asked = events.filter { $0["event"].string == "asked" }
    #expect(asked.count == answers.count)
  }

  @Test func nobodyIsAskedWithoutTheProfilesWord() throws {
    let scene = try Scene()
    try Self.profile(scene, "{}")
    let outcome = try rounds(.sdk2Modern, scene, [("add_note", [])])
    #expect(outcome[0]["isError"] == true)
    #expect(outcome[0]["questions"].array.isEmpty)
  }

  // MARK: A program

  /// Answers by the item's name, as the file beside it says.
  private static let script = """
    #!/bin/sh
    cat >"${0%/*}/text.$1"
    . "${0%/*}/answers"
    """

  private func answers(_ scene: Scene, _ answers: [String: String]) throws {
    let cases = answers.map { "'\($0)') \($1) ;;" }.joined(separator: "\n")
    _ = try scene.write("case \"$3\" in\n\(cases)\n*) echo later ;;\nesac\n", to: "asking/answers")
  }

  private func programScene() throws -> Scene {
    let scene = try Scene()
    let path = try scene.write(Self.script, to: "asking/ask", permissions: 0o755)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o700], ofItemAtPath: scene.folder + "/asking")
    try Self.profile(scene, #"{ "program": ["\#(path)", "its own"] }"#, seconds: 1)
    try answers(scene, [:])
    return scene
  }

  /// One session in which the program was asked about so many items.
  private func session(_ scene: Scene, asking count: Int) throws -> String {
    let before = try answered(scene)
    let host = try Host(Self.argv(scene), in: scene)
    try host.connect()
    _ = try host.tools()
    for _ in 0..<150 where try answered(scene) < before + count {
      Thread.sleep(forTimeInterval: 0.05)
    }
    let ended = try host.leave()
    #expect(try answered(scene) == before + count)
    return ended["stderr"].string ?? ""
  }

  private func answered(_ scene: Scene) throws -> Int {
    guard FileManager.default.fileExists(atPath: scene.folder + "/state/audit/twin.jsonl") else {
      return 0
    }
    return try scene.audit("twin").count { $0["event"].string == "answered" }
  }

  @Test func aProgramDecidesByTheDigestAlone() throws {
    let scene = try programScene()
    let zeros = String(repeating: "0", count: 64)
    try answers(
      scene,
      [
        "tool:add_note": #"echo "approve $4""#, "tool:list_notes": #"echo "reject $4""#,
        "tool:read_note": "echo approve \(zeros)", "tool:inspect_sandbox": "echo yes",
        "instructions": #"echo "approve $4"; exit 3"#, "capabilities": "true",
      ])
    let count = try scene.kindsThatWait()
    let first = try session(scene, asking: count)
    #expect(
      try states(scene) == [
        "add_note": "approved", "list_notes": "rejected", "read_note": "waiting",
        "inspect_sandbox": "waiting",
      ])
    for words in ["another digest", "none of approve DIGEST", "status 3"] {
      #expect(first.contains("decided nothing") && first.contains(words), "\(first)")
    }
    let text = try String(contentsOfFile: scene.folder + "/asking/text.its own", encoding: .utf8)
    #expect(text.contains("twin"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })

    // Asked anew in the next session: one hangs, and one is garbage.
    try answers(
      scene,
      [
        "tool:read_note": "sleep 60", "tool:inspect_sandbox": "head -c 300 /dev/urandom",
        "instructions": "head -c 70000 /dev/zero", "capabilities": "kill -9 $$",
      ])
    let second = try session(scene, asking: count - 2)
    for words in ["timeouts.approval", "none of approve DIGEST", "65536"] {
      #expect(second.contains(words), "\(second)")
    }
    #expect(try states(scene)["read_note"] == "waiting")
    let approvals = try scene.audit("twin").filter { $0["event"].string == "approval" }
    #expect(approvals.count == 1)
    #expect(approvals[0]["how"].string == "program")
    #expect(approvals[0]["program"].string == scene.folder + "/asking/ask")
  }

  @Test(arguments: [
    (mode: 0o644, words: "chmod u+x"), (mode: 0o777, words: "chmod go-w"),
  ])
  func whatMayNotBeStartedIsNot(mode: Int, words: String) throws {
    let scene = try programScene()
    try answers(scene, ["tool:add_note": #"echo "approve $4""#])
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: scene.folder + "/asking/ask")
    let errors = try session(scene, asking: try scene.kindsThatWait())
    #expect(errors.contains("approval.program can't be started"))
    #expect(errors.contains("approval.program was not started"))
    #expect(errors.contains(words), "\(errors)")
    #expect(try states(scene)["add_note"] == "waiting")
  }

  /// What asks ends with the supervisor, however that ends.
  @Test(arguments: [SIGKILL, SIGTERM])
  func nothingOutlivesTheSupervisor(signal: Int32) throws {
    let scene = try programScene()
    let file = scene.folder + "/asking/pids"
    try answers(scene, ["instructions": "sleep 77 & echo $$ $! >'\(file)'; wait"])
    try Self.profile(
      scene, #"{ "program": ["\#(scene.folder)/asking/ask", "x"] }"#, seconds: 60)
    let host = try Host(Self.argv(scene), in: scene)
    try host.connect()
    for _ in 0..<100 where !FileManager.default.fileExists(atPath: file) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    Thread.sleep(forTimeInterval: 0.1)
    let pids = try String(contentsOfFile: file, encoding: .utf8)
      .split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    #expect(pids.count == 2)
    kill(Int32(host.pid), signal)
    for _ in 0..<60 where pids.contains(where: { kill($0, 0) == 0 }) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    #expect(pids.allSatisfy { kill($0, 0) != 0 })
    host.end()
  }
}

extension Scene {
  /// How many of the twin's items wait on a first launch that trusts nothing: in a scene of their
  /// own, without a program.
  fileprivate func kindsThatWait() throws -> Int {
    let scene = try Scene()
    let host = try Host(
      scene.example("rug_pull_server.py", name: "twin", trust: false, "--during-session"),
      in: scene)
    try host.connect()
    _ = try host.tools()
    try host.leave()
    return try scene.manifest("twin")["waiting"]["items"].array.count
  }
}
