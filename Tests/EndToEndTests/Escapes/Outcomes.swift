import Foundation

/// Every attempt, outside and in each contender: made once for all tests.
struct Outcomes: Sendable {
  let attempts: [Attempt]
  private let outside: [String: Answer]
  private let inside: [Contender: [String: Answer]]
  /// What was not as before after a contender's run: files of the host's.
  let changed: [Contender: [String]]

  static let made = Result { try Outcomes() }

  private init() throws {
    let ground = try Ground()
    attempts = try Attempt.list(ground.attempts).filter { $0.family != Attempt.neighbours }
    outside = try Answer.all(
      in: ground.host(
        [ground.attempts, "try"]
          + ground.parameters(
            where: "outside", granted: ground.granted("outside"),
            launcher: ground.scene.folder + "/launcher")
      ).output)
    var inside: [Contender: [String: Answer]] = [:]
    var changed: [Contender: [String]] = [:]
    for contender in Contender.allCases {
      let granted = try ground.granted(contender.rawValue)
      let watched = Outcomes.look(contender, granted, ground)
      let command = try contender.command(
        [ground.attempts, "try"]
          + ground.parameters(
            where: "inside", granted: granted, launcher: contender.launcher),
        named: "escape-\(contender)", reading: [granted], on: ground)
      let run = try ground.host(command)
      inside[contender] = Answer.all(in: run.output)
      guard run.output.hasSuffix("end\n") || run.output.contains("\nend\n") else {
        throw Ground.Failure(
          description: "\(contender): status \(run.status): \(run.output.suffix(600))")
      }
      let after = Outcomes.look(contender, granted, ground)
      changed[contender] = watched.keys.filter { watched[$0] != after[$0] }.sorted()
    }
    self.inside = inside
    self.changed = changed
  }

  /// The host's files that a launch could reach, with their contents.
  private static func look(
    _ contender: Contender, _ granted: String, _ ground: Ground
  ) -> [String: Data?] {
    let paths = [
      contender.launcher, granted + "/file", ground.scene.folder + "/secrets/file",
      ground.scene.folder + "/work/left-here", (Ground.programs ?? "") + "/attempts",
    ]
    var found = Dictionary(
      uniqueKeysWithValues: paths.map { ($0, FileManager.default.contents(atPath: $0)) })
    let names = try? FileManager.default.subpathsOfDirectory(atPath: granted).sorted()
    found[granted] = Data((names ?? []).joined(separator: "\n").utf8)
    return found
  }

  func outside(_ attempt: Attempt) -> Answer { outside[attempt.name] ?? .missing }

  func inside(_ contender: Contender, _ attempt: Attempt) -> Answer {
    inside[contender]?[attempt.name] ?? .missing
  }
}
