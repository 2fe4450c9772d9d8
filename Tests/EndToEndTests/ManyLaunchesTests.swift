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
  private let temporary: Set<String>

  init(_ scene: Scene) throws {
    mounts = try Self.lines("/proc/self/mountinfo")
    temporary = try Self.temporaryFiles(scene)
  }

  func expectUnchanged(_ scene: Scene, identities: Int) throws {
    #expect(try Self.lines("/proc/self/mountinfo") == mounts)
    #expect(try Self.temporaryFiles(scene).subtracting(temporary) == [])
    let state = scene.folder + "/state"
    #expect(try FileManager.default.contentsOfDirectory(atPath: state + "/sessions").isEmpty)
    let homes = try FileManager.default.contentsOfDirectory(atPath: state + "/homes")
    #expect(homes.count == identities)
    // The supervisor's children have died before it; what is left would have its state's path.
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc")
      .compactMap { Int32($0) }
      .filter {
        let arguments = try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
        return arguments?.contains(scene.folder) ?? false
      }
    #expect(processes == [])
  }

  private static func lines(_ path: String) throws -> Int {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
  }

  /// Of Cordon's own: other tests make theirs meanwhile.
  private static func temporaryFiles(_ scene: Scene) throws -> Set<String> {
    Set(
      try FileManager.default.contentsOfDirectory(atPath: "/tmp")
        .filter {
          $0.hasPrefix("cordon-") && !$0.hasPrefix("cordon-e2e-") && !$0.hasPrefix("cordon-out-")
        })
  }
}
