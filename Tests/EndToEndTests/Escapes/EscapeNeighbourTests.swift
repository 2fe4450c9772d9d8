import Foundation
import Testing

extension EscapeTests {
  /// Two servers beside each other.
  @Suite struct TwoServers {
    /// Made once, in every contender, with what outside proves.
    struct Visits: Sendable {
      let attempts: [Attempt]
      let outside: [String: Answer]
      let inside: [Contender: [String: Answer]]
      /// The first server's niceness as the host sees it, after the visit.
      let niceness: [Contender: Int]

      static let made = Result { try Visits() }

      private init() throws {
        let ground = try Ground()
        attempts = try Attempt.list(ground.attempts).filter { $0.family == Attempt.neighbours }
        outside = try Neighbour(nil, on: ground).visit().answers
        var inside: [Contender: [String: Answer]] = [:]
        var niceness: [Contender: Int] = [:]
        for contender in Contender.allCases {
          let visited = try Neighbour(contender, on: ground).visit()
          inside[contender] = visited.answers
          niceness[contender] = visited.niceness
        }
        self.inside = inside
        self.niceness = niceness
      }
    }

    let visits: Visits

    init() throws { visits = try Visits.made.get() }

    @Test func theVisitorReachesEverythingOutside() {
      for attempt in visits.attempts {
        let answer = visits.outside[attempt.name] ?? .missing
        #expect(attempt.isProved(by: answer), "\(attempt.name): \(answer)")
      }
    }

    @Test(arguments: Contender.cordon) func theVisitorReachesNothing(_ identity: Contender) {
      for attempt in visits.attempts {
        let answer = visits.inside[identity]?[attempt.name] ?? .missing
        #expect(
          attempt.expected(in: identity).contains(answer.word),
          "\(attempt.name) (\(attempt.what)): \(answer), not \(attempt.expected(in: identity))")
      }
      #expect(visits.niceness[identity] == 0)
    }

    @Test(arguments: Contender.identities) func theVisitorFillsOnlyItsOwn(_ identity: Contender)
      throws
    {
      let ground = try Ground()
      let settled = try Neighbour(identity, on: ground)
      for what in ["temporary", "shared", "files", "processes"] {
        let name = "filling-\(what)"
        let command = try identity.command(
          [ground.attempts, "exhaust", "what=\(what)"], named: name, reading: [], on: ground)
        #expect(try ground.host(command).output.contains("exhausted \(what)"))
      }
      #expect(settled.end().contains("left kept 1 writes 1"))
    }
  }
}

/// A server that has settled: it left what it could, and listens.
private final class Neighbour {
  private let contender: Contender?
  private let ground: Ground
  private let process = ChildProcess()
  private let input = Pipe()
  private let errors: String
  private let mark = "neighbour-" + UUID().uuidString.prefix(8).lowercased()
  private let parameters: [String]

  /// - Parameter contender: nil for outside.
  init(_ contender: Contender?, on ground: Ground) throws {
    self.contender = contender
    self.ground = ground
    parameters = [
      "mark=\(mark)", "key=\(Int.random(in: 0x4400_0000...0x44ff_ffff))",
      "port=\(Int.random(in: 20000...29999))",
    ]
    let program = [ground.attempts, "settle"] + parameters
    let command =
      try contender?.command(program, named: mark, reading: [], on: ground) ?? program
    errors = try ground.scene.write("", to: mark + ".stderr", permissions: 0o600)
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.environment = ground.environment
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    try process.run()
    let deadline = ContinuousClock.now + .seconds(10)
    while !said.contains("settled ") && ContinuousClock.now < deadline { usleep(5000) }
    guard said.contains("settled home 1 temporary 1 shared 1 abstract 1 loopback 1") else {
      throw Ground.Failure(description: "\(contender?.rawValue ?? "outside"): \(said)")
    }
  }

  deinit {
    _ = end()
    if let contender { try? contender.cleanUp(named: mark, on: ground) }
  }

  var said: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  /// Closes its input, and gives what it said.
  func end() -> String {
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
    return said
  }

  struct Visited {
    let answers: [String: Answer]
    let niceness: Int
  }

  /// Another server, which knows the first one's names and numbers.
  func visit() throws -> Visited {
    let family = ProcessTree.below(Int(process.processIdentifier))
    guard let settled = family.last(where: { $0.name == "attempts" }) else {
      throw Ground.Failure(description: "\(family)")
    }
    let program =
      [ground.attempts, "visit", "where=\(contender == nil ? "outside" : "inside")"]
      + ["neighbour=\(settled.pid)", "settled=\(home)"] + parameters
      + ["scratch=\(ground.scene.folder)/scratch", "victim=\(settled.pid)"]
    let name = mark + "-visitor"
    let command =
      try contender?.command(program, named: name, reading: [], on: ground) ?? program
    let run = try ground.host(command)
    guard run.output.contains("end\n") else {
      throw Ground.Failure(description: "\(contender?.rawValue ?? "outside"): \(run.output)")
    }
    return Visited(
      answers: Answer.all(in: run.output), niceness: ProcessTree.niceness(settled.pid) ?? -99)
  }

  /// The first server's home as the host has it.
  private var home: String {
    guard let contender, contender.isCordon else { return ground.scene.folder + "/home" }
    let found = FileManager.default.enumerator(atPath: ground.scene.folder + "/state")?
      .compactMap { $0 as? String }.first { $0.hasSuffix("/" + mark) }
    return ground.scene.folder + "/state/" + (found ?? "homes/" + mark)
  }
}
