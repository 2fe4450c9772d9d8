import Foundation
import Testing

/// Two sessions of one server and three approvals at once, of which one process after the other is
/// killed at any moment: the store is whole each time, tells of every approval that a command said it
/// has stored, and of none that nobody gave. `CORDON_KILLS` says how many kills, where more than the
/// usual are wanted, and `CORDON_KILL_SEED` repeats the choices of an earlier run.
@Suite struct KillTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let kills = environment["CORDON_KILLS"].flatMap { Int($0) }

  @Test func noApprovalIsLostOrInvented() throws {
    let scene = try Scene()
    let seed =
      Self.environment["CORDON_KILL_SEED"].flatMap { Int($0) } ?? Int.random(in: 0..<1_000_000)
    let outcome = try play(scene, binary: Places.binary, seed: seed)
    let told = try outcome.text
    print("kills: \(told)")
    #expect(outcome["wrong"].array.isEmpty, "\(told)")
    let kills = (outcome["kills"]["session"].int ?? 0, outcome["kills"]["approval"].int ?? 0)
    #expect(kills.0 > 0 && kills.1 > 0, "\(told)")
    #expect((outcome["stored"].int ?? 0) > 3, "\(told)")
    if let wanted = Self.kills { #expect(kills.0 + kills.1 >= wanted) }
  }

  /// A judge that finds nothing proves nothing: these commands say that they have stored what they
  /// have not, and store what nobody asked for.
  @Test(arguments: [("true", "lost"), ("\(Places.binary) approve \"$2\" \"$other\"", "invented")])
  func whatIsLostOrInventedIsSeen(_ instead: String, _ word: String) throws {
    let scene = try Scene()
    let script = """
      #!/bin/bash
      [[ $1 == approve ]] || exec \(Places.binary) "$@"
      other=$(\(Places.binary) manifest show "$2" --format json | \(Places.python) -c 'import json, sys
      for item in json.load(sys.stdin)["waiting"]["items"]:
          each = item["kind"] + ":" + item["name"] + "@" + item["digest"]
          if each != sys.argv[1]: print(each); break' "$3")
      \(instead)
      """
    let liar = try scene.write(script, to: "liar", permissions: 0o755)
    let outcome = try play(scene, binary: liar, seed: 1)
    let told = try outcome.text
    let wrong = outcome["wrong"].array.compactMap(\.string)
    #expect(wrong.contains { $0.contains(word) }, "\(told)")
  }

  private func play(_ scene: Scene, binary: String, seed: Int) throws -> Value {
    let done = try Finished.run(
      [
        Places.python, Places.drivers + "/kills.py", binary, "\(seed)", "\(Self.kills ?? 40)",
        Self.kills == nil ? "6" : "600", "--read-only", Places.probes, "--", Places.python,
        Places.probes + "/shifting.py",
      ], environment: scene.environment, seconds: 660)
    #expect(done.status == 0, "\(done.errors)")
    return try Value.parse(done.output)
  }
}
