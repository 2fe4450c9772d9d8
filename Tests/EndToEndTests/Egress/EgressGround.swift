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
  func inside(allowing grants: [String]) throws -> ProgramPlace {
    try ProgramPlace(
      inside: true,
      readOnly: [
        Self.clients, Self.ways, folder + "/ssh", ProgramTests.made, Places.environments + "/sdk1",
      ] + ProgramTests.javaConfiguration,
      options: grants.flatMap { ["--allow", $0] }, in: scene)
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
