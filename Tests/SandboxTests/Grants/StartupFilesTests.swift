import Glibc
import Kernel
import Testing

@testable import Sandbox

/// What an editor, a shell or git would run later, in writable grants.
@Suite struct StartupFilesTests {
  static let standing = [".claude", ".cursor", ".envrc", ".git", ".idea", ".mcp.json", ".vscode"]

  @Test func whatIsThereIsReadOnlyAndWhatIsMissingCannotBeMade() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/.git/config")
    try tree.file("work/.mcp.json")
    try tree.file("work/.bashrc")
    try tree.file("work/Makefile")
    let outcome = try scene.look(scene.write("work"))
    let missing = Self.standing.filter { ![".git", ".mcp.json"].contains($0) }
    #expect(scene.placeholders(outcome) == missing.map { "work/\($0)" })
    let covers = (Self.standing + [".bashrc"]).sorted().map { "work/\($0) readOnly" }
    #expect(scene.covers(outcome, of: "work") == covers)
    #expect(try scene.look(scene.read("work")).placeholders.isEmpty)
    #expect(scene.covers(try scene.look(scene.read("work")), of: "work").isEmpty)
  }

  @Test func whatIsNamedIsOpen() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/.git/config")
    try tree.file("work/.git/HEAD")
    for name in ["hooks", "objects", "refs"] { try tree.directory("work/.git/\(name)") }
    try tree.file("work/.envrc")
    let outcome = try scene.look(
      scene.write("work"), scene.write("work/.git"), scene.write("work/.envrc"))
    let covers = scene.covers(outcome, of: "work")
    #expect(!covers.contains { $0.hasPrefix("work/.git ") || $0.hasPrefix("work/.envrc ") })
    #expect(covers.contains("work/.vscode readOnly"))
    // Its objects are open now, and not what names programs.
    #expect(
      scene.covers(outcome, of: "work/.git")
        == ["work/.git/config readOnly", "work/.git/hooks readOnly"])
    let hooks = try scene.look(
      scene.write("work"), scene.write("work/.git"), scene.write("work/.git/hooks"))
    #expect(scene.covers(hooks, of: "work/.git") == ["work/.git/config readOnly"])
  }

  @Test func aGitDirectoryWithoutHooksGetsNone() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/.git/HEAD")
    for name in ["objects", "refs"] { try tree.directory("work/.git/\(name)") }
    let outcome = try scene.look(scene.write("work/.git"))
    #expect(scene.placeholders(outcome) == ["work/.git/hooks"])
  }

  /// Renaming a directory above would take the protected one along and leave its path free.
  @Test func repositoriesInside() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/a/b/.git/config", "[core]\n\thooksPath = ../hooks\n")
    try tree.file("work/a/hooks/pre-commit")
    try tree.file("work/a/b/.vscode/tasks.json")
    let outcome = try scene.look(scene.write("work"))
    let covers = scene.covers(outcome, of: "work")
    for cover in [
      "work/a pinned", "work/a/b pinned", "work/a/b/.git readOnly", "work/a/b/.vscode readOnly",
      "work/a/hooks readOnly",
    ] {
      #expect(covers.contains(cover), "\(cover) is not in \(covers)")
    }
    #expect(!scene.placeholders(outcome).contains { $0.hasPrefix("work/a/") })
    let paths = covers.map { $0.split(separator: " ")[0].split(separator: "/").count }
    #expect(paths == paths.sorted(), "outer ones first")
  }

  /// Of a link its name is held, and what it leads to is read-only.
  @Test func links() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.file("work/shared/rc")
    try tree.link("work/.envrc", to: "shared/rc")
    try tree.link("work/.idea", to: "/nonexistent")
    let covers = scene.covers(try scene.look(scene.write("work")), of: "work")
    #expect(covers.contains("work/.envrc readOnly"))
    #expect(covers.contains("work/shared/rc readOnly") && covers.contains("work/shared pinned"))
    #expect(covers.contains("work/.idea readOnly"))
  }

  @Test func homesWhereverAGrantReachesIntoThem() throws {
    let scene = try SurveyScene()
    let tree = scene.tree
    try tree.directory("home/ada/.config/fish")
    try tree.file("home/ada/.config/git/config")
    try tree.file("dotfiles/bashrc")
    try tree.link("home/ada/.bashrc", to: tree["dotfiles/bashrc"])
    let outcome = try scene.look(scene.write("home/ada/.config"))
    let covers = scene.covers(outcome, of: "home/ada/.config")
    #expect(covers.contains("home/ada/.config/fish readOnly"))
    #expect(covers.contains("home/ada/.config/git readOnly"))
    #expect(scene.placeholders(outcome).contains("home/ada/.config/autostart"))
    // A home's file may lie elsewhere.
    let dotfiles = try scene.look(scene.write("dotfiles"))
    #expect(scene.covers(dotfiles, of: "dotfiles").contains("dotfiles/bashrc readOnly"))
    // Naming it opens it.
    let named = try scene.look(scene.write("home/ada/.config/git"))
    #expect(!scene.covers(named, of: "home/ada/.config/git").contains { $0.contains("git/config") })
  }

  /// An empty `.bash_profile/` would keep bash from reading `.profile`.
  @Test func nothingStandsWhereAShellWouldStumble() {
    let standing = (StartupFiles.ofProjects + StartupFiles.ofHomes).filter(\.standsEmpty)
    #expect(!standing.contains { $0.path.hasPrefix(".bash") || $0.path.contains("profile") })
    #expect(StartupFiles.ofProjects.filter(\.standsEmpty).map(\.path).sorted() == Self.standing)
    for name in StartupFiles.ofProjects + StartupFiles.ofHomes + StartupFiles.ofGitDirectories {
      #expect(Path.same(Path.normalized(name.path), "/" + name.path))
    }
  }

  @Test func acceptedMakesNothingAndKeepsWhatIsThere() throws {
    var scene = try SurveyScene()
    try scene.tree.file("work/.mcp.json")
    scene.tolerance.startupFiles = true
    let outcome = try scene.look(scene.write("work"))
    #expect(outcome.placeholders.isEmpty)
    #expect(scene.covers(outcome, of: "work") == ["work/.mcp.json readOnly"])
    #expect(outcome.weakened.startupFiles)
  }

  @Test func tooManyToProtect() throws {
    let scene = try SurveyScene()
    for index in 0...GrantSurvey.mostCovers { try scene.tree.directory("work/r\(index)/.git") }
    guard case .tooManyToProtect(scene.tree["work"], let count) = scene.refusal(scene.write("work"))
    else {
      Issue.record("so many repositories were protected")
      return
    }
    #expect(count > GrantSurvey.mostCovers)
  }
}
