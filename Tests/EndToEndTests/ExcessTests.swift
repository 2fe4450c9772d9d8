import Foundation
import Testing

/// A host and a server that go to the bounds of a session and beyond: the documented answer, bounded
/// memory, and a session that goes on wherever it can.
@Suite struct ExcessTests {
  /// kB that relay and supervisor may have used at most, whatever came: messages of the size limit
  /// (16 MiB), ten thousand open requests with the longest ids, peers that read nothing.
  static let mostMemory = ["relay": 64 << 10, "supervisor": 16 << 10]
  /// The same for messages that are made to cost much: three million values at the root, or all of it
  /// to be written otherwise.
  static let mostForCrowded = ["relay": 160 << 10, "supervisor": 16 << 10]

  /// Plays scenarios of Drivers/excess.py, one after the other in one session.
  private func play(
    _ scenarios: [String], fields: String = "", arguments: [String] = [], in scene: Scene
  ) throws -> Value {
    _ = try scene.write(
      "{ \"extends\": [\"default\"], \(fields) }", to: "config/profiles/bounded.jsonc")
    let argv = scene.run(
      "excess", options: ["--profile", "bounded", "--read-only", Places.probes],
      command: [Places.python, Places.probes + "/excess.py"] + arguments)
    let plan: Value = [
      "argv": Value(argv), "environment": Value(scene.environment), "scenarios": Value(scenarios),
    ]
    let driver = try Driver(
      [Places.python, Places.drivers + "/excess.py", plan.text], environment: scene.environment)
    defer { driver.end() }
    let outcome = try driver.receive()
    #expect(outcome["failure"] == .null, "\(outcome)")
    for scenario in scenarios { try check(memory: outcome[scenario]["peak"], scenario) }
    return outcome
  }

  private func check(memory peak: Value, _ scenario: String) throws {
    guard peak != .null else { return }
    for (part, most) in scenario == "crowded" ? Self.mostForCrowded : Self.mostMemory {
      let used = try #require(peak[part].int)
      #expect(used <= most, "\(scenario): \(part) \(used) kB")
    }
  }

  private func excesses(_ scene: Scene) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for event in try scene.audit("excess") where event["event"] == "messageLimit" {
      counts["\(event["from"].string ?? "") \(event["limit"].string ?? "")"] = event["count"].int
    }
    return counts
  }

  private func message(_ answer: Value) -> String { answer["error"]["message"].string ?? "" }

  @Test func whatIsTooLargeOrTooManyIsAnsweredAndTheSessionGoesOn() throws {
    let scene = try Scene()
    let outcome = try play(["large", "pending", "flood"], in: scene)
    for scenario in ["large", "pending", "flood"] {
      #expect(outcome[scenario]["alive"] == true, "\(scenario)")
    }
    let large = outcome["large"]
    #expect(message(large["host"]).contains("limits.messageSize (16777216 bytes)"))
    #expect(message(large["server"]).contains("limits.messageSize (16777216 bytes)"))

    let pending = outcome["pending"]
    let most = "limits.pendingRequests (10000)"
    #expect(message(pending["host"]).contains(most), "\(pending["host"])")
    #expect(message(pending["full"]).contains(most))
    #expect(pending["released"]["result"] != .null, "\(pending["released"])")
    #expect(pending["answered"].int == 10_000)
    #expect(pending["asks"].int == 10_000)
    #expect(pending["server"].array.count == 1)
    #expect(message(pending["server"][0]).contains(most))

    let counts = outcome["flood"]["counts"]
    let passed = try #require(counts["notifications/progress"].int)
    #expect((20_000...60_000).contains(passed), "\(passed)")
    #expect(counts["notifications/prompts/list_changed"].int == 100_000)
    let told = try excesses(scene)
    #expect(told["server rates.notifications (progress)"] == 100_000 - passed, "\(told)")
    #expect(told["host limits.messageSize"] == 1)
    #expect(told["server limits.messageSize"] == 1)
    #expect(told["host limits.pendingRequests"] == 2)
    #expect(try scene.audit("excess").count { $0["event"] == "messageLimit" } < 40)
    let errors = outcome["end"]["stderr"].string ?? ""
    #expect(errors.contains("more than rates.notifications (progress) (2000 a second)"))
  }

  @Test func messagesThatAreCostlyToKeepAreBoundedToo() throws {
    let scene = try Scene()
    let crowded = try play(["crowded"], in: scene)["crowded"]
    #expect(crowded["members"]["result"] != .null, "\(crowded["members"])")
    #expect(crowded["lines"]["result"] != .null, "\(crowded["lines"])")
    #expect(crowded["alive"] == true)
  }

  static let shortLine = #""limits": { "lineSize": "32MiB" }"#

  @Test func aServersLineThatNeverEndsEndsTheServer() throws {
    let scene = try Scene()
    let outcome = try play(["endless_server"], fields: Self.shortLine, in: scene)
    let answer = outcome["endless_server"]["server"]
    #expect(
      message(answer).contains("limits.messageSize")
        || message(answer).contains("limits.lineSize"), "\(answer)")
    #expect(outcome["end"]["status"] != 0)
    #expect(try excesses(scene)["server limits.lineSize"] == 1)
  }

  @Test func aHostsLineThatNeverEndsEndsTheSession() throws {
    let scene = try Scene()
    let outcome = try play(["endless_host"], fields: Self.shortLine, in: scene)
    let told = outcome["endless_host"]
    #expect(message(told["host"]).contains("limits.messageSize"), "\(told)")
    #expect(message(told["nobody"]).contains("limits.lineSize (33554432 bytes)"), "\(told)")
    #expect(try excesses(scene)["host limits.lineSize"] == 1)
    // No more than was read, and what a pipe and the buffers hold.
    #expect((told["written"].int ?? .max) < 40 << 20)
  }

  @Test func whereNobodyReadsNothingGrowsAndASignalStillEndsAll() throws {
    let scene = try Scene()
    let outcome = try play(["unread"], in: scene)["unread"]
    try check(memory: outcome["after"], "unread")
    let before = try #require(outcome["before"]["relay"].int)
    let after = try #require(outcome["after"]["relay"].int)
    #expect(after <= before + 256, "kB: \(before), then \(after)")
    #expect((outcome["written"].int ?? .max) < 8 << 20)
    #expect(outcome["status"].int == 143)
  }

  @Test func aHostThatReadsLateGetsAllOfIt() throws {
    let scene = try Scene()
    let outcome = try play(["late_reader"], in: scene)["late_reader"]
    #expect(outcome["answer"]["result"] != .null)
    #expect(outcome["counts"]["notifications/prompts/list_changed"].int == 300_000)
    #expect(outcome["alive"] == true)
  }

  @Test func ratesAndTimesOfAProfileHold() throws {
    let scene = try Scene()
    let outcome = try play(
      ["slow"],
      fields: """
        "rates": { "messages": 500, "notifications": 5, "stderr": "64KiB" },
        "timeouts": { "request": "3s" }
        """, in: scene)
    let slow = outcome["slow"]
    // Five thousand at once, then five hundred a second.
    let taken = try #require(slow["taken"].number)
    #expect(taken > 0.5, "\(taken) s")
    #expect(slow["counts"]["notifications/prompts/list_changed"].int == 5_300)
    let late = slow["late"]
    #expect(message(late).contains("timeouts.request (3 s)"), "\(late)")
    #expect((3.0..<3.9).contains(slow["seconds"].number ?? 0))
    let cancelled = slow["seen"].array.filter { $0["method"] == "notifications/cancelled" }
    // On a busy machine a call before it may take as long.
    #expect(cancelled.contains { $0["params"]["requestId"] == late["id"] })
    // What came late went nowhere.
    #expect(slow["kept"] == .object([:]), "\(slow["kept"])")
    #expect(slow["alive"] == true)
    let errors = outcome["end"]["stderr"].string ?? ""
    let kept = errors.utf8.count { $0 == UInt8(ascii: "y") }
    // Ten seconds' worth at most, and less where the host reads more slowly than the server writes.
    #expect((64 << 10..<900 << 10).contains(kept), "\(kept)")
    #expect(errors.contains("writes more than rates.stderr (65536 bytes a second)"))
    let told = try excesses(scene)
    #expect((told["server rates.stderr"] ?? 0) > 3 << 20)
    #expect((told["server timeouts.request"] ?? 0) >= 1)
    #expect((told["server rates.messages"] ?? 0) > 0)
    #expect((told["server rates.notifications (progress)"] ?? 0) < 30)
  }

  @Test func aServerThatDoesNotAnswerIsExplainedAndItsHandshakeEnds() throws {
    let scene = try Scene()
    let outcome = try play(
      ["mute"], fields: #""timeouts": { "handshake": "6s" }"#, arguments: ["mute"], in: scene)
    let mute = outcome["mute"]
    #expect(message(mute["answer"]).contains("timeouts.handshake (6 s)"), "\(mute)")
    #expect((6.0..<7.5).contains(mute["seconds"].number ?? 0))
    let errors = outcome["end"]["stderr"].string ?? ""
    #expect(errors.contains("excess: no answer for 5 s: "), "\(errors)")
    #expect(errors.contains("it has not read"))
    #expect(errors.contains("it has written 22 bytes to standard error"))
    #expect(try excesses(scene)["server timeouts.handshake"] == 1)
  }
}
