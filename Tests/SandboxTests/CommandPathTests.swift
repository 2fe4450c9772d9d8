import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct CommandPathTests {
  @Test func systemProgramsNeedNothing() throws {
    let tree = try CommandTree()
    let command = try tree.resolve("sh", ["-c", "true"])
    #expect(command.executable == "/usr/bin/sh")
    #expect(command.arguments == ["/usr/bin/sh", "-c", "true"])
    #expect(command.grants.isEmpty)
    #expect(command.searchPath.isEmpty)
    #expect(command.notes == ["sh: found in PATH (/usr/bin)"])
  }

  @Test func everyLinkOnTheWayIsShown() throws {
    let tree = try CommandTree()
    try tree.program("opt/tool-1.2/tool")
    try tree.link("opt/tool", to: "tool-1.2")
    try tree.link("bin/first", to: "second")
    try tree.link("bin/second", to: tree.path("opt/tool/tool"))
    let command = try tree.resolve(tree.path("bin/first"))
    #expect(command.executable == tree.path("bin/first"))
    #expect(
      tree.shown(command) == [
        "bin/first -> second", "bin/second -> ~/opt/tool/tool", "opt/tool -> tool-1.2",
        "opt/tool-1.2/tool",
      ])
    #expect(
      command.launchFiles == [LaunchFile(role: .executable, path: tree.path("opt/tool-1.2/tool"))])
  }

  @Test func linksUpwardsAreFollowedPhysically() throws {
    let tree = try CommandTree()
    try tree.program("a/deep/tool")
    try tree.link("b", to: "a/deep")
    try tree.link("c/tool", to: "../b/../deep/tool")
    let command = try tree.resolve(tree.path("c/tool"))
    #expect(
      tree.shown(command) == ["a/deep/tool", "b -> a/deep", "c/tool -> ../b/../deep/tool"])
  }

  @Test func localBinIsNeverShownWhole() throws {
    let tree = try CommandTree()
    try tree.program(".local/bin/wanted")
    try tree.program(".local/bin/private")
    let command = try tree.resolve("wanted", searchPath: "/usr/bin")
    #expect(tree.shown(command) == [".local/bin/wanted"])
    #expect(command.notes == ["wanted: found in ~/.local/bin, after PATH"])
    #expect(command.searchPath == [tree.path(".local/bin")])
  }

  @Test func pathComesBeforeTheUsualPlaces() throws {
    let tree = try CommandTree()
    try tree.program(".local/bin/tool")
    try tree.program("other/tool")
    let command = try tree.resolve("tool", searchPath: "/usr/bin:\(tree.path("other"))")
    #expect(command.executable == tree.path("other/tool"))
  }

  @Test func relativePathEntriesAreNotSearched() throws {
    let tree = try CommandTree()
    try tree.program("tool")
    #expect(throws: CommandError.self) { try tree.resolve("tool", searchPath: ".::tools") }
  }

  @Test func relativeCommandIsOfTheWorkingDirectory() throws {
    let tree = try CommandTree()
    try tree.program("server/tool")
    let command = try tree.resolve("./server/../server/tool")
    #expect(command.executable == tree.path("server/tool"))
  }

  @Test func missingCommandNamesWhereItWasLookedFor() throws {
    let tree = try CommandTree()
    let error = #expect(throws: CommandError.self) {
      try tree.resolve("no-such-tool", searchPath: "/usr/bin")
    }
    #expect(
      error
        == .notFound(
          "no-such-tool",
          searched: ["/usr/bin", tree.path(".local/bin"), tree.path(".pyenv/shims")]))
  }

  @Test func whatIsNoProgramIsAnError() throws {
    let tree = try CommandTree()
    let plain = try tree.file("plain", "#!/bin/sh\n")
    let text = try tree.script("text", "echo no interpreter\n")
    let other = try tree.script(
      "other", "\u{7F}ELF\u{1}\u{1}\u{1}" + String(repeating: "x", count: 64))
    try tree.link("loop", to: "loop")
    try tree.link("dangling", to: "nothing")
    #expect(throws: CommandError.notExecutable(plain)) { try tree.resolve(plain) }
    #expect(throws: CommandError.notExecutable(tree.home)) { try tree.resolve(tree.home) }
    #expect(throws: CommandError.unknownFormat(text)) { try tree.resolve(text) }
    #expect(throws: CommandError.unknownFormat(other)) { try tree.resolve(other) }
    #expect(errno(of: tree.path("loop"), tree) == Errno(ELOOP))
    #expect(errno(of: tree.path("dangling"), tree) == Errno(ENOENT))
    #expect(throws: CommandError.outOfReach("/dev/null")) {
      try CommandFinder.resolve(tree.request("/usr/../dev/null"))
    }
  }

  private func errno(of path: String, _ tree: CommandTree) -> Errno? {
    do {
      _ = try tree.resolve(path)
      return nil
    } catch CommandError.unreadable(let error) {
      return error.errno
    } catch {
      return nil
    }
  }

  @Test func shimsOfOtherManagersAreNamed() throws {
    let tree = try CommandTree()
    try tree.program("bin/mise")
    try tree.link(".local/share/mise/shims/tool", to: tree.path("bin/mise"))
    let asdf = try tree.script(".asdf/shims/tool", "#!/bin/sh\nexec asdf exec tool\n")
    let mise = tree.path(".local/share/mise/shims/tool")
    #expect(throws: CommandError.shim(mise, manager: "mise")) { try tree.resolve(mise) }
    #expect(throws: CommandError.shim(asdf, manager: "asdf")) { try tree.resolve(asdf) }
  }

  @Test func ownerOnlyFilesAreTold() throws {
    let tree = try CommandTree()
    let path = try tree.file("secret-tool", "#!/bin/sh\n", mode: 0o700)
    #expect(try tree.resolve(path).ownerOnly == [path])
  }

  @Test(arguments: [
    ("/a/b", "/a/b", true), ("/a/b/c", "/a/b", true), ("/a/bc", "/a/b", false),
    ("/a", "/a/b", false), ("/anything", "/", true), ("/a/caf\u{E9}", "/a/cafe\u{301}", false),
  ])
  func pathsAreComparedByBytes(_ path: String, _ directory: String, _ expected: Bool) {
    #expect(Path.isWithin(path, directory) == expected)
  }

  @Test(arguments: [
    ("3.9.18", "3.10.1"), ("v18.2.0", "v20.1.0"), ("1.0rc1", "1.0"), ("1.0", "1.0.1"),
    ("2025.9.25", "2026.10.19"),
  ])
  func versionsAreOrderedByNumber(_ lower: String, _ higher: String) {
    #expect(VersionOrder.isLower(lower, higher))
    #expect(!VersionOrder.isLower(higher, lower))
  }
}
