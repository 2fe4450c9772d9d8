import Testing

@testable import Sandbox

@Suite struct CommandScriptTests {
  static let lines: [(String, Shebang.Line)] = [
    ("#!/bin/sh\necho", .shebang(Shebang(interpreter: "/bin/sh", argument: nil))),
    ("#! /bin/sh -eu \n", .shebang(Shebang(interpreter: "/bin/sh", argument: "-eu"))),
    ("#!\t/bin/sh\t-a b\t\n", .shebang(Shebang(interpreter: "/bin/sh", argument: "-a b"))),
    ("#!/bin/sh", .shebang(Shebang(interpreter: "/bin/sh", argument: nil))),
    ("#!/bin/sh\r\n", .shebang(Shebang(interpreter: "/bin/sh\r", argument: nil))),
    ("#!sh\n", .malformed("sh")),
    ("#!\n", .malformed("")),
    ("echo\n", .none),
    ("", .none),
  ]

  @Test(arguments: lines)
  func firstLine(_ text: String, _ expected: Shebang.Line) {
    #expect(Shebang.read(Array(text.utf8)) == expected)
  }

  @Test func aCutOffInterpreterIsNoInterpreter() {
    let long = "#!/" + String(repeating: "x", count: 300) + "\n"
    guard case .malformed = Shebang.read(Array(long.utf8)) else {
      Issue.record("taken for a path")
      return
    }
    // Arguments may be cut off, as the kernel does.
    let arguments = "#!/bin/sh " + String(repeating: "x", count: 300)
    guard case .shebang = Shebang.read(Array(arguments.utf8)) else {
      Issue.record("refused")
      return
    }
  }

  static let environmentForms: [(String, String?)] = [
    ("python3", "python3"), ("-S python3 -u", "python3"), ("-Spython3 -u", "python3"),
    ("-S A=1 B=2 node --flag", "node"), ("--split-string=uv run", "uv"), ("-vS deno run", "deno"),
    ("-i python3", nil), ("-S 'a b'", nil), ("-S ${HOME}/x", nil), ("-S -u X python3", nil),
    ("", nil),
  ]

  @Test(arguments: environmentForms)
  func programForEnv(_ argument: String, _ expected: String?) {
    let shebang = Shebang(
      interpreter: "/usr/bin/env", argument: argument.isEmpty ? nil : argument)
    let found: String?
    do { found = try shebang.programForEnv() } catch { found = nil }
    #expect(found == expected)
  }

  @Test func scriptShowsItsInterpreters() throws {
    let tree = try CommandTree()
    try tree.program("opt/interpreter")
    let outer = try tree.script("outer", "#!\(tree.path("opt/interpreter")) -x\n")
    let script = try tree.script("script", "#!\(outer)\n")
    let command = try tree.resolve(script)
    #expect(tree.shown(command) == ["opt/interpreter", "outer", "script"])
    #expect(command.launchFiles.map(\.role) == [.executable, .interpreter, .interpreter])
    #expect(command.notes.contains("\(script) is shown without what lies beside it"))
  }

  @Test func envFindsInThePathAndTheInsideWillToo() throws {
    let tree = try CommandTree()
    try tree.program("runtime/bin/engine")
    let script = try tree.script("script", "#!/usr/bin/env engine\n")
    let command = try tree.resolve(script, searchPath: "/usr/bin:\(tree.path("runtime/bin"))")
    #expect(tree.shown(command) == ["runtime/bin/engine", "script"])
    #expect(command.searchPath.contains(tree.path("runtime/bin")))
  }

  @Test func missingInterpreterIsNamed() throws {
    let tree = try CommandTree()
    let direct = try tree.script("direct", "#!/opt/none/python\n")
    let byName = try tree.script("by-name", "#!/usr/bin/env no-such-engine\n")
    #expect(throws: CommandError.interpreter("/opt/none/python", script: direct)) {
      try tree.resolve(direct)
    }
    #expect(throws: CommandError.interpreter("no-such-engine", script: byName)) {
      try tree.resolve(byName)
    }
  }

  @Test func toolsThatFetchAreNamed() throws {
    let tree = try CommandTree()
    let script = try tree.script("script", "#!/usr/bin/env -S uv run --script\n")
    #expect(throws: CommandError.unsupported("the #! line of \(script)", tool: "uv")) {
      try tree.resolve(script)
    }
    for words in [
      ["bunx", "x"], ["pnpm", "dlx", "x"], ["npm", "exec", "--", "x"], ["pipx", "run", "x"],
      ["yarn", "dlx", "x"], ["deno", "run", "-A", "npm:x"],
    ] {
      let error = #expect(throws: CommandError.self) {
        try tree.resolve(words[0], Array(words.dropFirst()))
      }
      guard case .unsupported(_, tool: words[0]) = error else {
        Issue.record("\(words)")
        return
      }
    }
  }

  @Test func interpretersDoNotNestForEver() throws {
    let tree = try CommandTree()
    for index in 0..<8 {
      try tree.script("s\(index)", "#!\(tree.path("s\(index + 1)"))\n")
    }
    try tree.program("s8")
    #expect(throws: CommandError.self) { try tree.resolve(tree.path("s0")) }
  }

  @Test func entryFileIsPinned() throws {
    let tree = try CommandTree()
    let script = try tree.file("server.py", "")
    for (arguments, expected) in [
      (["-u", "server.py"], true), (["-W", "ignore", script, "x"], true),
      (["-c", "server.py"], false),
      (["-m", "server.py"], false), (["missing.py"], false),
    ] {
      try tree.program("bin/python3")
      let command = try tree.resolve(tree.path("bin/python3"), arguments)
      #expect(
        command.launchFiles.contains(LaunchFile(role: .entry, path: script)) == expected,
        "\(arguments)")
      // It is not granted: that takes the user's word.
      #expect(!tree.shown(command).contains("server.py"))
    }
  }
}
