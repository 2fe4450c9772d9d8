import Sandbox
import Testing

@Suite struct CommandArgumentTests {
  private func ungranted(
    _ tree: CommandTree, _ arguments: [String], granted: [String] = []
  ) -> [UngrantedPath] {
    CommandFinder.ungrantedPaths(
      arguments: arguments, granted: granted, home: tree.home, workingDirectory: tree.home)
  }

  @Test func existingPathsAreNamed() throws {
    let tree = try CommandTree()
    let notes = try tree.file("notes/a.txt", "")
    let directory = tree.path("notes")
    for (argument, path) in [
      (notes, notes), (directory, directory), ("--root=\(directory)", directory),
      ("~/notes", directory), ("notes/a.txt", notes), ("./notes", directory),
      ("\(directory)/../notes/./a.txt", notes),
    ] {
      #expect(ungranted(tree, [argument]).map(\.path) == [path], "\(argument)")
    }
  }

  @Test func otherWordsAreNot() throws {
    let tree = try CommandTree()
    try tree.file("notes/a.txt", "")
    let words = [
      "notes", "--flag", "-x", "", "/", "/no/such/path", "--root=", "/usr/bin/env", "/tmp",
      "/dev/null", "/proc/self", "http://host/path",
    ]
    #expect(ungranted(tree, words).isEmpty)
  }

  @Test func grantedPathsAreNot() throws {
    let tree = try CommandTree()
    let notes = try tree.file("notes/a.txt", "")
    #expect(ungranted(tree, [notes], granted: [tree.path("notes")]).isEmpty)
    #expect(ungranted(tree, [notes], granted: [notes]).isEmpty)
    #expect(ungranted(tree, [notes], granted: [tree.path("note")]).count == 1)
  }

  @Test func hintsSayWhatToAdd() throws {
    let tree = try CommandTree()
    let script = try tree.file("project/dist/index.js", "")
    try tree.file("project/package.json", "{}")
    #expect(ungranted(tree, [script]).map(\.hint) == ["--read-only \(tree.path("project"))"])
    try tree.file("a.txt", "")
    #expect(
      ungranted(tree, ["a.txt"]).map(\.hint)
        == ["give the absolute path, and --read-only \(tree.path("a.txt"))"])
  }
}
