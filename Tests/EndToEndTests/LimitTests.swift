import Foundation
import Testing

/// A server that takes without end is stopped, and whoever asked it learns why. What a machine
/// cannot bound is named each time, so that every test holds on every machine.
@Suite struct LimitTests {
  /// A server under these limits, and what the plan says of this machine.
  struct Bounded {
    let scene: Scene
    let argv: [String]
    let weaknesses: [String]
    /// The directories in which the launch makes its cgroups.
    let groups: [String]

    init(_ limits: String, options: [String] = []) throws {
      scene = try Scene()
      _ = try scene.write(
        "{ \"extends\": [\"default\"], \"limits\": { \(limits) } }",
        to: "config/profiles/bounded.jsonc")
      argv = scene.probe("greedy.py", options: ["--profile", "bounded"] + options)
      let dry = scene.probe(
        "greedy.py",
        options: ["--profile", "bounded", "--dry-run", "--format", "json"] + options)
      let plan = try Value.parse(
        Finished.run(dry, environment: scene.environment).output)
      weaknesses = plan["weaknesses"].array.compactMap(\.string)
      groups = plan["cgroup"].array.compactMap(\.string).filter { $0.hasPrefix("mkdir ") }
        .map { ($0.dropFirst(6) as NSString).deletingLastPathComponent }
    }

    func lacks(_ weakness: String) -> Bool { weaknesses.contains(weakness) }

    /// Calls the greedy server; the whole answer.
    func call(_ host: Host, _ arguments: Value) throws -> Value {
      try host.order(
        "request",
        ["method": "tools/call", "params": ["name": "act", "arguments": arguments]])
    }

    /// What Cordon's cgroups of this process and of no other are left.
    func leftGroups(of pid: Int) -> [String] {
      groups.flatMap { directory in
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
          .filter { $0.hasPrefix("cordon-probe-\(pid)-") }
      }
    }
  }

  @Test func overItsMemoryItIsKilledAndTheHostIsToldWhy() throws {
    let bounded = try Bounded(
      #""memory": "64MiB""#, options: ["--accept", "no-memory-limit"])
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let answer = try bounded.call(host, ["what": "memory"])
    #expect(answer["error"]["code"] == -32603)
    let message = answer["error"]["message"].string ?? ""
    let ended = try host.leave()
    let events = try bounded.scene.audit("probe")
    let limit = events.first { $0["event"] == "limit" }
    if bounded.lacks("no-memory-limit") {
      // Each process is bounded by setrlimit: Python ends with its own error.
      #expect(message == "the server ended before it answered: exit 1")
      #expect(ended["stderr"].string?.contains("MemoryError") == true)
      #expect(ended["stderr"].string?.contains("no-memory-limit") == true)
      #expect(limit == nil)
    } else {
      #expect(message.contains("exceeded its memory limit of 64MiB"), "\(message)")
      #expect(ended["status"] == 137)
      #expect(ended["stderr"].string?.contains("memory limit of 64MiB") == true)
      #expect(limit?["limit"] == "memory")
      #expect(limit?["value"] == .number(64 * 1024 * 1024))
    }
    #expect(bounded.leftGroups(of: host.pid).isEmpty)
  }

  /// A limit that a profile names is enforced, or accepted to be absent, or nothing starts.
  @Test func aNamedLimitThatNothingEnforcesStopsTheLaunch() throws {
    let bounded = try Bounded(#""memory": "64MiB", "cpus": 1"#)
    let done = try Finished.run(bounded.argv, environment: bounded.scene.environment)
    if bounded.lacks("no-memory-limit") {
      #expect(done.status == 69)
      #expect(done.errors.contains("limits.memory"), "\(done.errors)")
      #expect(done.errors.contains("--accept no-memory-limit"), "\(done.errors)")
      #expect(done.errors.contains("Delegate=yes"), "\(done.errors)")
      let accepted = try Finished.run(
        bounded.scene.probe(
          "greedy.py",
          options: [
            "--profile", "bounded", "--accept", "no-memory-limit", "--accept", "no-cpu-limit",
          ]),
        environment: bounded.scene.environment)
      #expect(accepted.status == 0, "\(accepted.errors)")
      #expect(accepted.errors.contains("accepted: no-memory-limit"))
      #expect(accepted.errors.contains("accepted: no-cpu-limit"))
    } else {
      #expect(done.status == 0, "\(done.errors)")
    }
    let launch = try bounded.scene.audit("probe").last { $0["event"] == "launch" }
    #expect(launch?["weaknesses"].array.compactMap(\.string) == bounded.weaknesses)
  }

  /// Cordon's own default is enforced where it can be, and its absence said where it cannot.
  @Test func theDefaultLimitStartsEverywhereAndSaysWhatItLacks() throws {
    let bounded = try Bounded("")
    let done = try Finished.run(bounded.argv, environment: bounded.scene.environment)
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.errors.contains("no-memory-limit") == bounded.lacks("no-memory-limit"))
    let launch = try #require(try bounded.scene.audit("probe").first { $0["event"] == "launch" })
    #expect(launch["weaknesses"].array.compactMap(\.string) == bounded.weaknesses)
    #expect(launch["limits"][0].string?.hasPrefix("memory 1GiB: ") == true)
  }

  @Test func forksEndAtTheLimit() throws {
    let bounded = try Bounded(#""processes": 40"#)
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let text = try bounded.call(host, ["what": "processes"])["result"]["content"][0]["text"].string
    let count = try #require(text?.split(separator: ":").first.flatMap { Int($0) })
    // The server itself is one, and where a cgroup counts PID 1 is another.
    #expect((38...39).contains(count), "\(text ?? "")")
    #expect(text?.hasSuffix(": \(EAGAIN)") == true)
    let ended = try host.leave()
    let limit = try bounded.scene.audit("probe").first { $0["event"] == "limit" }
    if bounded.groups.isEmpty {
      #expect(limit == nil)
    } else {
      #expect(limit?["limit"] == "processes")
      #expect(ended["stderr"].string?.contains("limit of 40 processes") == true)
    }
    #expect(bounded.leftGroups(of: host.pid).isEmpty)
  }

  @Test func openFilesEndAtTheLimit() throws {
    let bounded = try Bounded(#""openFiles": 50"#)
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let text = try bounded.call(host, ["what": "descriptors"])["result"]["content"][0]["text"]
      .string
    #expect(text == "47: \(EMFILE)")
    try host.leave()
  }

  @Test func aFileOverTheLimitEndsTheServer() throws {
    let bounded = try Bounded(#""fileSize": "2MiB""#)
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let answer = try bounded.call(host, ["what": "write", "path": "~/large"])
    #expect(answer["error"]["message"].string?.contains("limit of 2MiB") == true, "\(answer)")
    let ended = try host.leave()
    #expect(ended["status"].int == 128 + Int(SIGXFSZ))
    #expect(ended["stderr"].string?.contains("limits.fileSize") == true)
  }

  @Test func whatWasFullWhenTheServerEndedIsNamed() throws {
    let bounded = try Bounded("")
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let answer = try bounded.call(host, ["what": "write", "path": "/tmp/large"])
    #expect(
      answer["error"]["message"].string?.contains("no room left in its /tmp of 64MiB") == true,
      "\(answer)")
    let ended = try host.leave()
    #expect(ended["status"] == 1)
    #expect(ended["stderr"].string?.contains("filesystem.temporary") == true)
  }

  @Test func processorTimeIsBounded() throws {
    let bounded = try Bounded(
      #""cpus": 0.3"#, options: ["--accept", "no-cpu-limit"])
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let text = try bounded.call(host, ["what": "spin", "seconds": 1])["result"]["content"][0][
      "text"]
    let used = try #require(text.string.flatMap { Double($0) })
    if !bounded.lacks("no-cpu-limit") {
      // What the start took counts too; a period of 100 ms may be begun at either end.
      #expect(used < 0.6, "\(used) s of processor time in a second")
    }
    try host.leave()
  }

  @Test func theServerSeesItsOwnGroupAloneAndNoFileSystemOfGroups() throws {
    let bounded = try Bounded("")
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    let text = try bounded.call(host, ["what": "look"])["result"]["content"][0]["text"].string
    let lines = try #require(text).split(separator: "\n")
    #expect(!lines.isEmpty)
    #expect(lines.allSatisfy { $0.hasSuffix(":/") }, "\(lines)")
    try host.leave()
  }

  /// Forks, allocations, opens and writes without end, all at once: the machine goes on working.
  @Test func aServerThatTakesEverythingLeavesTheMachineResponsive() throws {
    let bounded = try Bounded(
      #""memory": "96MiB", "processes": 32, "cpus": 1"#,
      options: ["--accept", "no-memory-limit", "--accept", "no-cpu-limit"])
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    try host.order(
      "send",
      [
        "line": .string(
          #"{"jsonrpc":"2.0","id":77,"method":"tools/call","#
            + #""params":{"name":"act","arguments":{"what":"everything"}}}"#)
      ])
    var slowest = 0.0
    let begin = ContinuousClock.now
    while ContinuousClock.now - begin < .seconds(8), try host.order("alive")["alive"] == true {
      slowest = max(slowest, try Finished.run(["/bin/true"], environment: [:]).seconds)
    }
    #expect(slowest < 1, "a process of the machine's took so many seconds")
    let ended = try host.leave(seconds: 15)
    if !bounded.lacks("no-memory-limit") {
      #expect(ended["stderr"].string?.contains("memory limit of 96MiB") == true, "\(ended)")
    }
    #expect(ProcessTree.below(host.pid).filter(\.isAlive).isEmpty)
    #expect(bounded.leftGroups(of: host.pid).isEmpty)
  }

  /// Only a killed supervisor leaves a group, and the next launch removes it.
  @Test func whatAKilledSupervisorLeavesTheNextLaunchSweeps() throws {
    let bounded = try Bounded("")
    let host = try Host(bounded.argv, in: bounded.scene)
    try host.connect()
    #expect(bounded.leftGroups(of: host.pid).count == bounded.groups.count)
    kill(pid_t(host.pid), SIGKILL)
    _ = try host.order("wait", ["seconds": 5])
    let second = try Host(bounded.argv, in: bounded.scene)
    try second.connect()
    try second.leave()
    #expect(bounded.leftGroups(of: host.pid).isEmpty)
    #expect(bounded.leftGroups(of: second.pid).isEmpty)
  }
}
