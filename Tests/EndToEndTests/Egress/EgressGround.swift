import Foundation
import Testing

/// The network that `ground` made, and what its capture says.
struct EgressGround {
  static let folder = ProcessInfo.processInfo.environment["CORDON_EGRESS_GROUND"]
  static let absent = "connections need a network of their own: Tests/run makes one"

  static let sources = Places.root + "/Tests/EndToEndTests/Egress"
  static let clients = sources + "/Clients"
  static let ways = sources + "/Ways"

  let folder: String
  let scene: Scene

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init() throws {
    guard let folder = EgressGround.folder else {
      throw Failure(description: EgressGround.absent)
    }
    self.folder = folder
    scene = try Scene()
  }

  /// A place inside that may connect to these, written as `--allow` takes them.
  ///
  /// - Parameter name: the server's; no two launches that differ share it.
  func inside(
    named name: String = "connecting", allowing grants: [String], options: [String] = []
  ) throws -> ProgramPlace {
    try ProgramPlace(
      inside: true, name: name,
      readOnly: [
        Self.clients, Self.ways, folder + "/ssh", ProgramTests.made, Places.environments + "/sdk1",
      ] + ProgramTests.javaConfiguration,
      options: grants.flatMap { ["--allow", $0] } + options, in: scene)
  }

  func outside() throws -> ProgramPlace { try ProgramPlace(inside: false, in: scene) }

  /// What left while something was done: see World/capture.py.
  struct Capture {
    let sent: Set<String>
    let opened: Set<String>
    let questions: Set<String>
    let canaries: Set<String>
  }

  func captured(_ act: () throws -> Void) throws -> Capture {
    let position = try tell("mark").trimmingCharacters(in: .whitespacesAndNewlines)
    try act()
    let told = try Value.parse(tell("since", position))
    func words(_ key: String) -> Set<String> { Set(told[key].array.compactMap(\.string)) }
    return Capture(
      sent: words("sent"), opened: words("opened"), questions: words("questions"),
      canaries: words("canaries"))
  }

  private func tell(_ word: String, _ more: String...) throws -> String {
    let done = try Finished.run(
      [Places.python, Self.sources + "/World/capture.py", word, folder] + more,
      environment: scene.environment)
    guard done.status == 0 else { throw Failure(description: done.errors) }
    return done.output
  }
}

extension ProgramPlace {
  /// Connects to each `HOST PORT`, and gives who answered, "world" or "machine", or how it failed.
  func reach(_ places: [String]) throws -> [String: String] {
    let run = try run([Places.python, EgressGround.clients + "/reach.py"] + places)
    return Dictionary(
      run.lines.map { line in
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return (fields[0], fields.last ?? "")
      }, uniquingKeysWith: { $1 })
  }
}
