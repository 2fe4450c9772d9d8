import Foundation
import Testing

/// `cordon remove`, `list` and `show`, and the files that a server leaves.
@Suite struct RemovalTests {
  static let python = Places.python

  /// Runs a server that fills its home, and ends.
  func fill(_ scene: Scene, _ name: String, options: [String] = [], target: String = "/") throws {
    // A host that stays: without one the server would be ended after a while.
    let host = try Host(
      scene.run(
        name, options: ["--read-only", Places.probes] + options,
        command: [Self.python, Places.probes + "/hostile_home.py", target]), in: scene)
    let ended = try host.order("wait", ["seconds": 20])
    #expect(ended["stderr"].string?.contains("made") == true, "\(ended)")
  }

  func homes(_ scene: Scene) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: scene.folder + "/state/homes")) ?? []
  }

  @Test(arguments: ["separate", "caller"])
  func aHostileHomeGoesAndNothingElse(identity: String) throws {
    let scene = try Scene()
    let kept = try scene.write("the user's", to: "kept/file")
    try fill(
      scene, "hostile", options: ["--identity", identity], target: scene.folder + "/kept")
    #expect(homes(scene) == ["hostile"])
    let done = try scene.cordon("remove", "hostile", "--yes")
    #expect(done.status == 0, "\(done.errors)")
    #expect(homes(scene).isEmpty)
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "the user's")
    #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
    let audit = try scene.audit("hostile")
    #expect(audit.last?["event"] == "removed")
    #expect(try #require(audit.last?["files"].int) > 1500)
    let left = try FileManager.default.contentsOfDirectory(
      atPath: scene.folder + "/state/approvals")
    #expect(left.isEmpty, "\(left)")
    let locks = try FileManager.default.contentsOfDirectory(atPath: scene.folder + "/state/locks")
    #expect(locks.isEmpty, "\(locks)")
    #expect(try scene.cordon("remove", "hostile", "--yes").status == 66)
  }

  @Test func aRunningServerStays() throws {
    let scene = try Scene()
    let host = try Host(scene.example("notes_server.py"), in: scene)
    try host.connect()
    let refused = try scene.cordon("remove", "notes", "--yes")
    #expect(refused.status == 77)
    #expect(refused.errors.contains("process \(host.pid)"), "\(refused.errors)")
    let listed = try Value.parse(scene.cordon("list", "--format", "json").output)
    #expect(listed["servers"][0]["name"] == "notes")
    #expect(listed["servers"][0]["running"] == 1)
    #expect(try host.text(of: "list_notes") == "no notes yet")
    try host.leave()
    #expect(try scene.cordon("remove", "notes", "--yes").status == 0)
    #expect(try scene.cordon("list").output.isEmpty)
  }

  /// The UID goes to the next server only once nothing of the first is left.
  @Test func aUIDIsGivenAgainOnceItsFilesAreGone() throws {
    let scene = try Scene()
    func uid(_ name: String) throws -> Int {
      let plan = try Finished.run(
        scene.run(name, options: ["--dry-run", "--format", "json"], "/bin/true"),
        environment: scene.environment)
      return try #require(Value.parse(plan.output)["identity"]["uid"].int, "\(plan.errors)")
    }
    func start(_ name: String, options: [String] = []) throws {
      _ = try Finished.run(
        scene.run(name, options: options, "/bin/sh", "-c", "echo x > ~/file"),
        environment: scene.environment)
    }
    let first = try uid("one")
    // A dry run takes nothing, and makes nothing.
    #expect(try uid("two") == first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scene.folder + "/state").isEmpty)
    try start("one")
    let second = try uid("two")
    #expect(second != first)
    try start("two")
    #expect(try scene.cordon("remove", "one", "--yes").status == 0)
    #expect(try uid("three") == first)
    #expect(try uid("two") == second)
    // Who could write elsewhere as itself keeps its UID for ever; root's grants are mapped.
    let shared = scene.folder + "/shared"
    try FileManager.default.createDirectory(
      atPath: shared, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
    try start("three", options: ["--read-write", shared])
    let removed = try scene.cordon("remove", "three", "--yes", "--format", "json")
    #expect(try Value.parse(removed.output)["identityFree"] == .bool(Places.isRoot))
    #expect(try (uid("four") == first) == Places.isRoot)
  }

  @Test func itAsksAtATerminalAndNowhereElse() throws {
    let scene = try Scene()
    _ = try scene.write(#"{ "command": "/bin/true" }"#, to: "config/servers/notes.jsonc")
    let silent = try scene.cordon("remove", "notes")
    #expect(silent.status == 77)
    #expect(silent.errors.contains("--yes"))
    for (key, status, isThere) in [("n", 77, true), ("y", 0, false)] {
      let asked = try Finished.run(
        [Self.python, Places.drivers + "/terminal.py", "10", key, "--", Places.binary]
          + ["remove", "notes"], environment: scene.environment)
      #expect(asked.status == status, "\(asked.output)")
      #expect(asked.output.contains("notes.jsonc"))
      let file = scene.folder + "/config/servers/notes.jsonc"
      #expect(FileManager.default.fileExists(atPath: file) == isThere)
    }
  }

  @Test func aDefinedServerIsShown() throws {
    let scene = try Scene()
    _ = try scene.write(
      #"{ "command": "/bin/echo", "args": ["a b"], "environment": { "set": { "X": "1" } } }"#,
      to: "config/servers/notes.jsonc")
    let shown = try Value.parse(scene.cordon("show", "notes", "--format", "json").output)
    #expect(shown["definition"]["command"] == ["/bin/echo", "a b"])
    #expect(shown["running"].array.isEmpty)
    #expect(try scene.cordon("show", "notes").output.contains("environment.set: X=1"))
    #expect(try scene.cordon("show", "note").errors.contains("did you mean notes?"))
    #expect(try scene.cordon("list").output == "notes  defined  -        -\n")
  }

  /// A directory that something is mounted on cannot go, and the mount's files stay.
  @Test func aMountInAHomeIsNamedAndStays() throws {
    // Only root can mount there.
    guard Places.isRoot else { return }
    let scene = try Scene()
    try fill(scene, "hostile")
    let script = """
      set -e
      home=$(echo "$1"/state/homes/hostile/*)
      mkdir "$home/mounted"
      mount -t tmpfs none "$home/mounted"
      echo kept > "$home/mounted/file"
      status=0
      "$2" remove hostile --yes || status=$?
      cat "$home/mounted/file"
      ls -A "$home"
      exit $status
      """
    let done = try Finished.run(
      ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, "sh", scene.folder, Places.binary],
      environment: scene.environment)
    #expect(done.status == 74, "\(done.errors)")
    #expect(done.errors.contains("/mounted: device or resource busy (EBUSY)"), "\(done.errors)")
    #expect(done.output == "kept\nmounted\n")
    #expect(try scene.cordon("remove", "hostile", "--yes").status == 0)
  }
}
