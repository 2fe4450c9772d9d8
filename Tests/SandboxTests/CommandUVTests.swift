import Sandbox
import Testing

@Suite struct CommandUVTests {
  /// A cached environment as uv lays it out: a link named by two digests, into the archive.
  private func cached(
    _ tree: CommandTree, _ id: String, command: String, packages: [String],
    cache: String = ".cache/uv"
  ) throws {
    try tree.environment("\(cache)/archive-v0/\(id)", packages: packages)
    try tree.script(
      "\(cache)/archive-v0/\(id)/bin/\(command)",
      """
      #!/bin/sh
      '''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"
      ' '''
      print("\(id)")
      """)
    try tree.link("\(cache)/environments-v2/1f2e/\(id)", to: "../../archive-v0/\(id)")
    try tree.file("\(cache)/environments-v2/1f2e/\(id).lock", "")
  }

  private func filled() throws -> CommandTree {
    let tree = try CommandTree()
    try cached(
      tree, "old", command: "mcp-server-time", packages: ["mcp_server_time-1.9.0", "mcp-2.0"])
    try cached(
      tree, "new", command: "mcp-server-time", packages: ["mcp_server_time-1.10.0", "mcp-2.0"])
    try cached(
      tree, "more", command: "mcp-server-time",
      packages: ["mcp_server_time-1.10.0", "mcp-2.0", "extra-1.0"])
    try cached(tree, "tool", command: "other-name", packages: ["Some.Package-3.1"])
    return tree
  }

  struct Call: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let environment: String
    let rest: [String]
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let calls = [
    Call(arguments: ["mcp-server-time"], environment: "new", rest: []),
    Call(
      arguments: ["mcp-server-time", "--local-timezone", "UTC"], environment: "new",
      rest: ["--local-timezone", "UTC"]),
    Call(arguments: ["mcp-server-time@latest"], environment: "new", rest: []),
    Call(arguments: ["mcp-server-time@1.9.0"], environment: "old", rest: []),
    Call(arguments: ["mcp-server-time==1.9.0", "-v"], environment: "old", rest: ["-v"]),
    Call(arguments: ["--with", "extra", "mcp-server-time"], environment: "more", rest: []),
    Call(arguments: ["-q", "--python", "3.11", "mcp-server-time"], environment: "new", rest: []),
    Call(
      arguments: ["--from", "some-package[cli]", "other-name", "x"], environment: "tool",
      rest: ["x"]),
    Call(
      arguments: ["--from=some_package==3.1", "--", "other-name"], environment: "tool", rest: []),
  ]

  @Test(arguments: calls)
  func startsTheCachedEnvironment(_ call: Call) throws {
    let tree = try filled()
    for (command, arguments) in [
      ("uvx", call.arguments), ("/opt/bin/uvx", call.arguments),
      ("uv", ["tool", "run"] + call.arguments),
    ] {
      let resolved = try tree.resolve(command, arguments)
      let prefix = ".cache/uv/archive-v0/\(call.environment)"
      #expect(resolved.executable.hasPrefix(tree.path("\(prefix)/bin/")))
      #expect(Array(resolved.arguments.dropFirst()) == call.rest)
      #expect(tree.shown(resolved) == ["\(prefix)/"])
    }
  }

  static let refused: [[String]] = [
    ["mcp-server-git"], ["mcp-server-time@2.0"], ["--python", "3.12", "mcp-server-time"],
    ["--with", "absent", "mcp-server-time"], ["--from", "some-package", "mcp-server-time"],
  ]

  @Test(arguments: refused)
  func whatIsNotCachedIsAnError(_ arguments: [String]) throws {
    let tree = try filled()
    let error = #expect(throws: CommandError.self) { try tree.resolve("uvx", arguments) }
    guard case .notCached = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  static let unsupported: [[String]] = [
    [], ["--from", "git+https://example.org/x", "x"], ["x>=1"], ["./x"], ["--unknown", "x"],
    ["--with-editable", ".", "x"],
  ]

  @Test(arguments: unsupported)
  func whatOnlyUVCanDoIsAnError(_ arguments: [String]) throws {
    let tree = try filled()
    let error = #expect(throws: CommandError.self) { try tree.resolve("uvx", arguments) }
    guard case .unsupported = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func installedToolComesFirst() throws {
    let tree = try filled()
    try tree.environment(
      ".local/share/uv/tools/mcp-server-time", packages: ["mcp_server_time-1.5.0"])
    try tree.script(".local/share/uv/tools/mcp-server-time/bin/mcp-server-time", "#!/bin/sh\n")
    #expect(
      tree.shown(try tree.resolve("uvx", ["mcp-server-time"]))
        == [".local/share/uv/tools/mcp-server-time/"])
    // A version that is asked for comes from the cache.
    #expect(
      tree.shown(try tree.resolve("uvx", ["mcp-server-time@1.9.0"]))
        == [".cache/uv/archive-v0/old/"])
  }

  @Test func cacheCanLieElsewhere() throws {
    let tree = try CommandTree()
    try cached(tree, "one", command: "tool", packages: ["tool-1"], cache: "big/uv-cache")
    try cached(tree, "two", command: "other", packages: ["other-1"], cache: "xdg/uv")
    let first = try tree.resolve(
      "uvx", ["tool"], environment: ["UV_CACHE_DIR": tree.path("big/uv-cache")])
    #expect(tree.shown(first) == ["big/uv-cache/archive-v0/one/"])
    let second = try tree.resolve(
      "uvx", ["other"], environment: ["XDG_CACHE_HOME": tree.path("xdg")])
    #expect(tree.shown(second) == ["xdg/uv/archive-v0/two/"])
  }

  @Test func uvRunUsesTheProjectsEnvironment() throws {
    let tree = try CommandTree()
    try tree.environment("project/.venv")
    try tree.script("project/.venv/bin/server", "#!\(tree.path("project/.venv/bin/python"))\n")
    try tree.file("project/main.py", "")
    let project = tree.path("project")
    let python = tree.path("project/.venv/bin/python")
    let calls: [([String], [String])] = [
      (
        ["--directory", project, "run", "server", "-x"],
        [tree.path("project/.venv/bin/server"), "-x"]
      ),
      (["run", "--directory=\(project)", "main.py"], [python, tree.path("project/main.py")]),
      (["run", "--project", project, "python", "-V"], [python, "-V"]),
      (["--directory", project, "run", "-m", "notes", "x"], [python, "-m", "notes", "x"]),
    ]
    for (arguments, expected) in calls {
      let command = try tree.resolve("uv", arguments)
      #expect(command.arguments == expected)
      #expect(tree.shown(command) == ["project/.venv/"])
    }
    #expect(throws: CommandError.self) { try tree.resolve("uv", ["run", "server"]) }
    #expect(throws: CommandError.self) {
      try tree.resolve("uv", ["--directory", project, "run", "--with", "x", "server"])
    }
  }
}
