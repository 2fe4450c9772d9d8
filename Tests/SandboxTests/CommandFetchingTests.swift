import Sandbox
import Testing

/// Tools that fetch packages, where they run inside themselves.
@Suite struct CommandFetchingTests {
  private func resolve(
    _ tree: CommandTree, _ command: String, _ arguments: [String], searchPath: String? = nil
  ) throws -> ResolvedCommand {
    var request = tree.request(
      command, arguments, searchPath: searchPath ?? tree.path(".local/bin") + ":/usr/bin:/bin")
    request.fetchesPackages = true
    return try CommandFinder.resolve(request)
  }

  @Test func uvxBringsTheToolThatItStarts() throws {
    let tree = try CommandTree()
    try tree.program(".local/share/uv/uvx")
    try tree.program(".local/share/uv/uv")
    try tree.link(".local/bin/uvx", to: "../share/uv/uvx")
    let command = try resolve(tree, "uvx", ["--from", "mcp-server-time", "serve"])
    #expect(command.executable == tree.path(".local/bin/uvx"))
    #expect(command.arguments.dropFirst() == ["--from", "mcp-server-time", "serve"])
    #expect(
      tree.shown(command) == [
        ".local/bin/uvx -> ../share/uv/uvx", ".local/share/uv/uv", ".local/share/uv/uvx",
      ])
    #expect(
      Set(command.launchFiles.map(\.path))
        == [tree.path(".local/share/uv/uv"), tree.path(".local/share/uv/uvx")])
    #expect(command.unpinned.count == 1)
  }

  @Test func npxRunsWithNpmAndTheNodeThatItNames() throws {
    let tree = try CommandTree()
    let prefix = ".nvm/versions/node/v20.11.0"
    try tree.program("\(prefix)/bin/node")
    try tree.script(
      "\(prefix)/lib/node_modules/npm/bin/npx-cli.js", "#!/usr/bin/env node\nrequire('x')\n")
    try tree.link("\(prefix)/bin/npx", to: "../lib/node_modules/npm/bin/npx-cli.js")
    let bin = tree.path("\(prefix)/bin")
    let command = try resolve(tree, "npx", ["-y", "@scope/server@1.2.3"], searchPath: bin)
    #expect(command.executable == bin + "/npx")
    #expect(
      tree.shown(command) == [
        "\(prefix)/bin/node", "\(prefix)/bin/npx -> ../lib/node_modules/npm/bin/npx-cli.js",
        "\(prefix)/lib/node_modules/npm/",
      ])
    // The version is fixed, and what it depends on is not.
    #expect(command.unpinned.count == 1)
    #expect(command.searchPath == [bin])
  }

  @Test func whatFetchesNothingIsFoundAsEver() throws {
    let tree = try CommandTree()
    try tree.program(".venv/bin/python")
    let command = try resolve(tree, "uv", ["run", "server.py"])
    #expect(command.executable == tree.path(".venv/bin/python"))
    #expect(try resolve(tree, "/bin/true", []).executable == "/bin/true")
  }

  @Test func aToolThatIsMissingIsNotFound() throws {
    let tree = try CommandTree()
    let error = #expect(throws: CommandError.self) {
      try resolve(tree, "uvx", ["x"], searchPath: "/nowhere")
    }
    guard case .notFound = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func withoutFetchingTheHintNamesTheProfile() throws {
    let tree = try CommandTree()
    let error = #expect(throws: CommandError.self) { try tree.resolve("uvx", ["mcp-server-x"]) }
    #expect(error?.hint.contains("--profile uvx") == true)
  }
}
