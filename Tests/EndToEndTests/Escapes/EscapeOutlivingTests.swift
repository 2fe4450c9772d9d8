import Foundation
import Testing

extension EscapeTests {
  /// A server that wants to outlive its launcher.
  @Suite struct Outliving {
    private static func marked(_ mark: String) -> [Int] {
      ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }
        .filter { pid in
          let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
          return line.range(of: Data(("mark=" + mark).utf8)) != nil
            && line.range(of: Data("\0outlive\0".utf8)) != nil
        }
    }

    private static func waitUntil(
      _ seconds: Double, _ condition: () -> Bool
    ) -> Bool {
      let deadline = ContinuousClock.now + .seconds(seconds)
      while !condition() {
        if ContinuousClock.now > deadline { return false }
        usleep(5000)
      }
      return true
    }

    private func start(
      _ contender: Contender?, how: String, mark: String, on ground: Ground
    ) throws -> (ChildProcess, Pipe) {
      let program = [ground.attempts, "outlive", "how=\(how)", "mark=\(mark)"]
      let command =
        try contender?.command(program, named: mark, reading: [], on: ground) ?? program
      let process = ChildProcess()
      let input = Pipe()
      process.executableURL = URL(filePath: command[0])
      process.arguments = Array(command.dropFirst())
      process.environment = ground.environment
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return (process, input)
    }

    /// Without a sandbox three processes remain: the test could not see survivors otherwise.
    @Test func outsideTheyOutlive() throws {
      let ground = try Ground()
      let mark = "outliving-outside-\(getpid())"
      let (process, _) = try start(nil, how: "stay", mark: mark, on: ground)
      defer { for pid in Self.marked(mark) { kill(pid_t(pid), SIGKILL) } }
      try #require(Self.waitUntil(5) { Self.marked(mark).count == 4 })
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(Self.marked(mark).count == 3)
    }

    @Test(arguments: Contender.identities)
    func whenTheLauncherIsKilledNothingSurvives(_ identity: Contender) throws {
      let ground = try Ground()
      let mark = "outliving-killed-\(identity)-\(getpid())"
      let (process, _) = try start(identity, how: "stay", mark: mark, on: ground)
      // The server with its three, and the supervisor's command line.
      try #require(Self.waitUntil(10) { Self.marked(mark).count == 5 }, "\(Self.marked(mark))")
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(Self.waitUntil(1) { Self.marked(mark).isEmpty }, "\(Self.marked(mark))")
    }

    @Test(arguments: Contender.identities)
    func whenTheServerLeavesItsDaemonsGoToo(_ identity: Contender) throws {
      let ground = try Ground()
      let mark = "outliving-left-\(identity)-\(getpid())"
      let (process, _) = try start(identity, how: "leave", mark: mark, on: ground)
      process.waitUntilExit()
      #expect(Self.waitUntil(1) { Self.marked(mark).isEmpty }, "\(Self.marked(mark))")
    }

    /// A parent-death signal is sent when the *thread* ends that started the child.
    @Test(arguments: Contender.identities)
    func aHostsThreadThatEndsDoesNotEndTheServer(_ identity: Contender) throws {
      let scene = try Scene()
      let arguments = scene.probe("large.py", options: identity.options)
      let done = try Finished.run(
        [Places.python, Places.drivers + "/thread_host.py"] + arguments,
        environment: scene.environment)
      #expect(done.output == "probe\n", "\(done.errors)")
    }
  }
}
