import Foundation
import Testing

/// However a sandbox ends, nothing of it remains: no process, no mount, within the time promised.
/// One at a time, because they measure.
@Suite(.serialized) struct LifecycleTests {
  /// A session with a stubborn server, and every process that belongs to it.
  struct Running {
    let scene: Scene
    let host: Host
    let family: [ProcessMark]

    /// The supervisor and the host's other children apart.
    var sandbox: [ProcessMark] { family.filter { $0.pid != host.pid } }

    init(_ probe: String = "stubborn.py") throws {
      scene = try Scene()
      host = try Host(scene.probe(probe), in: scene)
      try host.connect()
      family = ProcessTree.below(host.pid)
      // Supervisor, relay, PID 1, server: the test could not see what remains if it did not see
      // them now.
      let servers = family.filter { $0.name.hasPrefix("python") }
      try #require(family.count >= 4, "\(family)")
      try #require(servers.count == (probe == "stubborn.py" ? 2 : 1), "\(family)")
    }

    func expectNothingRemains(
      within seconds: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let survivors = ProcessTree.survivors(family, within: seconds)
      #expect(survivors.isEmpty, "after \(seconds) s", sourceLocation: sourceLocation)
      let mounts = ProcessTree.mounts(mentioning: [scene.folder, "cordon"])
      #expect(mounts.isEmpty, sourceLocation: sourceLocation)
    }
  }

  @Test func theHostsEndOfFileEndsAStubbornServer() throws {
    let running = try Running()
    try running.host.order("close")
    running.expectNothingRemains(within: 5)
    let ended = try running.host.order("wait", ["seconds": 1])
    #expect(ended["status"] == 0)
  }

  @Test func aServerThatHeedsTheEndOfFileIsNotKeptWaiting() throws {
    let running = try Running("large.py")
    let begin = ContinuousClock.now
    let ended = try running.host.leave()
    #expect(ended["status"] == 0)
    #expect(ContinuousClock.now - begin < .seconds(1))
    running.expectNothingRemains(within: 0.1)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func aSignalToTheSupervisorEndsEverything(number: Int32) throws {
    let running = try Running()
    kill(pid_t(running.host.pid), number)
    running.expectNothingRemains(within: 0.1)
    let ended = try running.host.order("wait", ["seconds": 1])
    #expect(ended["status"].int == 128 + Int(number))
  }

  @Test func theSupervisorsDeathEndsEverything() throws {
    let running = try Running()
    kill(pid_t(running.host.pid), SIGKILL)
    running.expectNothingRemains(within: 1)
    #expect(try running.host.order("wait", ["seconds": 1])["status"] == -9)
  }

  @Test func theRelaysDeathEndsEverything() throws {
    let running = try Running()
    let relay = try #require(
      running.sandbox.first { mark in
        ProcessTree.read(mark.pid)?.parent == running.host.pid
          && !ProcessTree.below(mark.pid).contains { $0.name.hasPrefix("python") }
      })
    kill(pid_t(relay.pid), SIGKILL)
    running.expectNothingRemains(within: 1)
    let ended = try running.host.order("wait", ["seconds": 1])
    #expect(ended["status"] != 0)
    #expect(ended["stderr"].string?.contains("cordon: error:") == true, "\(ended)")
  }

  @Test func thePID1OfTheSandboxDiesAndEverythingEnds() throws {
    let running = try Running()
    let stage = try #require(
      running.sandbox.first { mark in
        ProcessTree.read(mark.pid)?.parent == running.host.pid
          && ProcessTree.below(mark.pid).contains { $0.name.hasPrefix("python") }
      })
    kill(pid_t(stage.pid), SIGKILL)
    running.expectNothingRemains(within: 1)
    #expect(try running.host.order("wait", ["seconds": 1])["status"] != 0)
  }

  static let endings: [(Value, Int)] = [
    (["status": 3], 3), (["signal": 9], 137), (["signal": 6], 134), (["signal": 11], 139),
    (["status": 0], 0),
  ]

  @Test(arguments: endings)
  func aServerThatEndsEndsEverythingWithItsOwnStatus(how: Value, status: Int) throws {
    let running = try Running("ending.py")
    let begin = ContinuousClock.now
    _ = try running.host.attempt(
      "send",
      [
        "line": .string(
          Value.object([
            "jsonrpc": "2.0", "id": 9, "method": "tools/call",
            "params": ["name": "act", "arguments": how],
          ]).text)
      ])
    let ended = try running.host.order("wait", ["seconds": 5])
    #expect(ended["status"].int == status)
    #expect(ContinuousClock.now - begin < .seconds(1.5))
    running.expectNothingRemains(within: 1)
  }

  @Test func aServerThatEndsBeforeItsHandshakeIsExplained() throws {
    let scene = try Scene()
    let host = try Host(scene.probe("silent.py", "5"), in: scene)
    let ended = try host.order("wait", ["seconds": 5])
    #expect(ended["status"] == 5)
    let errors = ended["stderr"].string ?? ""
    #expect(errors.contains("cannot find my configuration"))
    #expect(errors.contains("--env"))
  }

  @Test func aServerThatClosesItsOutputIsEnded() throws {
    let running = try Running("mute.py")
    _ = try running.host.attempt(
      "request", ["method": "tools/call", "params": ["name": "act"], "seconds": 1])
    try running.host.order("close")
    running.expectNothingRemains(within: 5)
  }

  @Test func aHostThatStopsListeningEndsTheSession() throws {
    let running = try Running("flooding.py")
    _ = try running.host.call("act")
    try running.host.order("hide")
    try running.host.order("close")
    running.expectNothingRemains(within: 5)
  }

  @Test func theHostsEndEndsEverything() throws {
    let running = try Running()
    running.host.end()
    running.expectNothingRemains(within: 5)
  }

  @Test func nothingIsLeftInTheWorkingDirectory() throws {
    let scene = try Scene()
    let before = try FileManager.default.contentsOfDirectory(atPath: ".").sorted()
    let host = try Host(scene.probe("large.py"), in: scene)
    try host.connect()
    try host.leave()
    #expect(try FileManager.default.contentsOfDirectory(atPath: ".").sorted() == before)
  }
}
