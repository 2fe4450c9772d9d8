import Foundation
import Testing

/// What stands in a writable grant while a server runs, and what is left however that ends.
@Suite struct PlaceholderTests {
  static let standing = [".claude", ".cursor", ".envrc", ".git", ".idea", ".mcp.json", ".vscode"]

  struct Running {
    let workspace: Workspace
    let host: Host

    init(_ workspace: Workspace, name: String = "probe") throws {
      self.workspace = workspace
      host = try Host(
        workspace.scene.probe(
          "polite.py", name: name,
          options: ["--identity", "caller", "--read-write", workspace.folder]),
        in: workspace.scene)
      try host.connect()
    }
  }

  func expectGone(_ workspace: Workspace, within seconds: Double) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while try workspace.names() != ["file"], ContinuousClock.now < end { usleep(5000) }
    #expect(try workspace.names() == ["file"])
  }

  @Test func emptyDirectoriesWhileTheServerRuns() throws {
    let running = try Running(Workspace(Scene(), files: ["file"]))
    let workspace = running.workspace
    #expect(try workspace.names() == Self.standing + ["file"])
    for name in Self.standing {
      let path = workspace.folder + "/" + name
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }
    let ended = try running.host.leave()
    #expect(try workspace.names() == ["file"])
    // They are gone before it is looked for what somebody else has made.
    #expect(ended["stderr"].string?.contains("was made or replaced") == false)
  }

  @Test func whatTheUserPutsThereMeanwhileStays() throws {
    let running = try Running(Workspace(Scene(), files: ["file"]))
    let workspace = running.workspace
    _ = try workspace.scene.write("{}", to: "work/.vscode/settings.json")
    let ended = try running.host.leave()
    #expect(try workspace.names() == [".vscode", "file"])
    #expect(ended["stderr"].string?.contains("/.vscode was made or replaced") == true)
  }

  /// A mount goes with what it lies on: the limit that SECURITY.md states, and what is said of it.
  @Test func whatAProgramOutsideReplacesIsTold() throws {
    let workspace = try Workspace(Scene(), files: ["file", ".npmrc", ".gdbinit"])
    let running = try Running(workspace)
    let path = workspace.folder + "/.npmrc"
    _ = try workspace.scene.write("ignore-scripts=true\n", to: "work/new")
    let renamed = unsafe rename(workspace.folder + "/new", path)
    try #require(renamed == 0)
    let ended = try running.host.leave()
    let words = try #require(ended["stderr"].string)
    #expect(words.contains("\(path) was made or replaced"), "\(words)")
    #expect(!words.contains(".gdbinit was"), "\(words)")
  }

  @Test func aKilledSupervisorLeavesNone() throws {
    let running = try Running(Workspace(Scene(), files: ["file"]))
    kill(pid_t(running.host.pid), SIGKILL)
    try expectGone(running.workspace, within: 3)
  }

  @Test func whatAllWereKilledOverTheNextLaunchRemoves() throws {
    let running = try Running(Workspace(Scene(), files: ["file"]))
    let workspace = running.workspace
    let family = ProcessTree.below(running.host.pid)
    let sweeper = try #require(
      family.first { ProcessTree.read($0.pid)?.parent == running.host.pid && isSweeper($0.pid) })
    kill(pid_t(sweeper.pid), SIGKILL)
    kill(pid_t(running.host.pid), SIGKILL)
    _ = ProcessTree.survivors(family, within: 3)
    #expect(try workspace.names() == Self.standing + ["file"])
    let next = try Finished.run(
      workspace.scene.run("other", "/bin/true"), environment: workspace.scene.environment)
    #expect(next.status == 0, "\(next.errors)")
    #expect(try workspace.names() == ["file"])
  }

  private func isSweeper(_ pid: Int) -> Bool {
    let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
    return words.starts(with: Data("cordon-sweeper".utf8))
  }

  @Test func theLastOfTwoSessionsRemovesThem() throws {
    let workspace = try Workspace(Scene(), files: ["file"])
    let first = try Running(workspace)
    let second = try Running(workspace, name: "second")
    try first.host.leave()
    #expect(try workspace.names() == Self.standing + ["file"])
    try second.host.leave()
    #expect(try workspace.names() == ["file"])
  }

  @Test func aPlanThatIsPrintedMakesNone() throws {
    let workspace = try Workspace(Scene(), files: ["file", ".npmrc"])
    let options = ["--identity", "caller", "--dry-run", "--read-write", workspace.folder]
    let done = try Finished.run(
      workspace.scene.run("printed", options: options, "/bin/true"),
      environment: workspace.scene.environment)
    #expect(done.output.contains("\(workspace.folder)/.vscode"), "\(done.output)")
    let json = try Finished.run(
      workspace.scene.run("printed", options: options + ["--format", "json"], "/bin/true"),
      environment: workspace.scene.environment)
    let plan = try Value.parse(json.output)
    #expect(plan["placeholders"].array.count == Self.standing.count, "\(json.output)")
    #expect(plan["granted"][0]["writable"] == true)
    let covered = plan["granted"][0]["covered"].array
    #expect(covered.contains { $0["path"].string == "\(workspace.folder)/.npmrc" })
    #expect(try workspace.names() == [".npmrc", "file"])
  }
}
