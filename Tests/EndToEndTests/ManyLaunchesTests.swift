import Foundation
import Testing

/// What many launches leave, one after the other and side by side: nothing. `CORDON_MANY_LAUNCHES`
/// says how many, where more than the usual are wanted.
@Suite(.serialized) struct ManyLaunchesTests {
  static let count =
    ProcessInfo.processInfo.environment["CORDON_MANY_LAUNCHES"].flatMap { Int($0) } ?? 40

  @Test func oneAfterTheOther() throws {
    let scene = try Scene()
    let before = try Traces(scene)
    for number in 0..<Self.count {
      let done = try Finished.run(
        scene.run("many-\(number % 5)", "/bin/true"), environment: scene.environment)
      #expect(done.status == 0, "\(done.errors)")
    }
    try before.expectUnchanged(scene, identities: 5)
  }

  @Test func sideBySide() async throws {
    let scene = try Scene()
    let before = try Traces(scene)
    try await withThrowingTaskGroup(of: Finished.self) { group in
      for number in 0..<20 {
        group.addTask {
          try Finished.run(
            scene.run("beside-\(number % 10)", "/bin/true"), environment: scene.environment)
        }
      }
      for try await done in group { #expect(done.status == 0, "\(done.errors)") }
    }
    try before.expectUnchanged(scene, identities: 10)
  }
}

/// What a launch could leave on the machine.
private struct Traces {
  private let mounts: Int
  private let files: Set<String>

  init(_ scene: Scene) throws {
    mounts = try Self.lines("/proc/self/mountinfo")
    files = try Self.files(in: scene.folder)
  }

  func expectUnchanged(_ scene: Scene, identities: Int) throws {
    #expect(try Self.lines("/proc/self/mountinfo") == mounts)
    #expect(try Self.files(in: scene.folder) == files)
    let state = scene.folder + "/state"
    #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/sessions").isEmpty)
    let homes = try FileManager.default.contentsOfDirectory(atPath: state + "/homes")
    #expect(homes.count == identities)
  }

  private static func lines(_ path: String) throws -> Int {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
  }

  private static func files(in folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder))
  }
}
