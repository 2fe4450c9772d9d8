import Foundation
import Testing

extension EscapeTests {
  /// What a server left in a folder that it may write must not lead the next launch elsewhere:
  /// CVE-2024-42472, CVE-2026-87766.
  @Suite struct Planting {
    let scene: Scene
    let workspace: String
    /// Where the links lead: nothing in it was granted.
    let elsewhere: String
    /// As an ordinary user only the caller's own identity can write the caller's files.
    let identity = ["--identity", Places.isRoot ? "separate" : "caller"]

    init() throws {
      scene = try Scene()
      workspace = scene.folder + "/workspace"
      elsewhere = scene.folder + "/elsewhere"
      _ = try scene.write("the host's secret", to: "elsewhere/secret", permissions: 0o644)
      _ = try scene.write("x", to: "workspace/file", permissions: 0o666)
      for folder in [workspace, elsewhere] {
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
      }
    }

    private func run(_ name: String, _ script: String, _ options: [String]) throws -> Finished {
      try Finished.run(
        scene.run(name, options: identity + options, "/bin/sh", "-c", script + " >&2"),
        environment: scene.environment)
    }

    private func expectElsewhereUntouched(_ location: SourceLocation = #_sourceLocation) throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: elsewhere)
      #expect(names == ["secret"], sourceLocation: location)
      let text = try String(contentsOfFile: elsewhere + "/secret", encoding: .utf8)
      #expect(text == "the host's secret", sourceLocation: location)
    }

    @Test func aGrantBelowAPlantedLinkMakesNothingThere() throws {
      let planted = try run(
        "planter", "ln -s \(elsewhere) \(workspace)/a", ["--read-write", workspace])
      try #require(planted.status == 0, "\(planted.errors)")
      let next = try run(
        "next", "true", ["--read-write", workspace, "--read-only", workspace + "/a/b"])
      #expect(next.status != 0)
      #expect(next.errors.contains("cordon: error:"), "\(next.errors)")
      try expectElsewhereUntouched()
    }

    /// Some names in a writable folder get mounts of their own.
    @Test(arguments: [".git", ".vscode", ".mcp.json", ".envrc", ".git/hooks", ".git/config"])
    func aPlantedLinkInPlaceOfAGuardedNameShowsNothing(_ name: String) throws {
      let path = workspace + "/" + name
      let parent = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
      try FileManager.default.createDirectory(
        atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: elsewhere)
      let next = try run(
        "next",
        "cat \(path)/secret \(elsewhere)/secret; echo x > \(path)/new; echo y >> \(path)/secret",
        ["--read-write", workspace])
      #expect(!next.errors.contains("the host's secret"), "\(next.errors)")
      try expectElsewhereUntouched()
    }

    @Test func linksInThePrivateHomeLeadTheNextLaunchNowhere() throws {
      let script = """
        for name in .cache .config .local .ssh .profile; do
        rm -rf ~/$name; ln -s \(elsewhere) ~/$name; done
        """
      for _ in 0..<3 {
        let done = try run("homely", script, [])
        #expect(done.status == 0, "\(done.errors)")
      }
      try expectElsewhereUntouched()
    }
  }
}
