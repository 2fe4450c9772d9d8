import Sandbox
import Testing

@Suite struct CommandNodeTests {
  private func nvm(_ tree: CommandTree, _ versions: [String]) throws {
    for version in versions { try tree.program(".nvm/versions/node/\(version)/bin/node") }
  }

  struct Default: Sendable, CustomTestStringConvertible {
    let alias: String?
    let version: String?
    var testDescription: String { alias ?? "none" }
  }

  static let defaults = [
    Default(alias: nil, version: "v20.11.0"), Default(alias: "18", version: "v18.20.1"),
    Default(alias: "v18.2.0\n", version: "v18.2.0"), Default(alias: "node", version: "v20.11.0"),
    Default(alias: "lts/*", version: "v18.20.1"), Default(alias: "system", version: nil),
    Default(alias: "99", version: nil), Default(alias: "../../x", version: nil),
  ]

  @Test(arguments: defaults)
  func nvmsDefaultIsFoundAfterPath(_ item: Default) throws {
    let tree = try CommandTree()
    try nvm(tree, ["v18.2.0", "v18.20.1", "v20.11.0"])
    try tree.file(".nvm/alias/lts/*", "lts/hydrogen\n")
    try tree.file(".nvm/alias/lts/hydrogen", "v18.20.1\n")
    if let alias = item.alias { try tree.file(".nvm/alias/default", alias) }
    guard let version = item.version else {
      #expect(throws: CommandError.self) { try tree.resolve("node", searchPath: "/nowhere") }
      return
    }
    let command = try tree.resolve("node", searchPath: "/nowhere")
    #expect(command.executable == tree.path(".nvm/versions/node/\(version)/bin/node"))
    #expect(tree.shown(command) == [".nvm/versions/node/\(version)/bin/node"])
    #expect(command.searchPath == [tree.path(".nvm/versions/node/\(version)/bin")])
  }

  /// A tree as `npx` leaves it in its cache.
  private func cached(
    _ tree: CommandTree, _ id: String, _ name: String, _ version: String, bin: String
  ) throws {
    let root = ".npm/_npx/\(id)"
    try tree.file("\(root)/package.json", "{\"dependencies\":{\"\(name)\":\"\(version)\"}}")
    try tree.file(
      "\(root)/node_modules/\(name)/package.json",
      "{\"name\":\"\(name)\",\"version\":\"\(version)\",\"bin\":\(bin)}")
    try tree.script(
      "\(root)/node_modules/\(name)/dist/index.js", "#!/usr/bin/env node\nconsole.log('\(id)')\n")
    try tree.file("\(root)/node_modules/dependency/index.js", "")
  }

  private func filled() throws -> CommandTree {
    let tree = try CommandTree()
    try nvm(tree, ["v20.11.0"])
    let scoped = "@modelcontextprotocol/server-everything"
    try cached(tree, "aa", scoped, "1.9.0", bin: "{\"mcp-server-everything\":\"dist/index.js\"}")
    try cached(tree, "bb", scoped, "1.10.0", bin: "{\"mcp-server-everything\":\"./dist/index.js\"}")
    try cached(tree, "cc", "plain", "2.0.0", bin: "\"dist/index.js\"")
    try cached(
      tree, "dd", "several", "1.0.0",
      bin: "{\"several\":\"dist/index.js\",\"other\":\"dist/other.js\"}")
    try cached(tree, "ee", "outside", "1.0.0", bin: "\"../../../../../evil.js\"")
    return tree
  }

  static let calls: [([String], String, [String])] = [
    (["-y", "@modelcontextprotocol/server-everything", "stdio"], "bb", ["stdio"]),
    (["@modelcontextprotocol/server-everything@1.9.0"], "aa", []),
    (["@modelcontextprotocol/server-everything@latest"], "bb", []),
    (["--yes", "plain", "--flag"], "cc", ["--flag"]),
    (["-p", "plain@2", "plain"], "cc", []),
    (["--package=several", "--", "several", "x"], "dd", ["x"]),
    (["several"], "dd", []),
  ]

  @Test(arguments: calls)
  func startsTheCachedPackage(_ arguments: [String], _ id: String, _ rest: [String]) throws {
    let tree = try filled()
    let command = try tree.resolve("npx", arguments, searchPath: "/nowhere")
    #expect(command.executable.hasPrefix(tree.path(".npm/_npx/\(id)/node_modules/")))
    #expect(Array(command.arguments.dropFirst()) == rest)
    #expect(
      tree.shown(command) == [
        ".npm/_npx/\(id)/node_modules/", ".nvm/versions/node/v20.11.0/bin/node",
      ])
    #expect(command.searchPath.contains(tree.path(".nvm/versions/node/v20.11.0/bin")))
  }

  static let refused: [[String]] = [
    ["absent"], ["plain@3"], ["-p", "plain", "another"], ["outside"], ["-p", "several", "other"],
  ]

  @Test(arguments: refused)
  func whatIsNotCachedIsAnError(_ arguments: [String]) throws {
    let tree = try filled()
    let error = #expect(throws: CommandError.self) {
      try tree.resolve("npx", arguments, searchPath: "/nowhere")
    }
    guard case .notCached(_, tool: "npx", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  static let unsupported: [[String]] = [
    [], ["plain@^2.0.0"], ["github:a/b"], ["./x"], ["../plain"], ["--call", "x"], ["@scope"],
    ["@a/../b"],
  ]

  @Test(arguments: unsupported)
  func whatOnlyNPMCanDoIsAnError(_ arguments: [String]) throws {
    let tree = try filled()
    let error = #expect(throws: CommandError.self) {
      try tree.resolve("npx", arguments, searchPath: "/nowhere")
    }
    guard case .unsupported(_, tool: "npx") = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func globalPackageShowsItselfOnly() throws {
    let tree = try CommandTree()
    try nvm(tree, ["v20.11.0"])
    let prefix = ".nvm/versions/node/v20.11.0"
    for name in ["@scope/server", "other"] {
      try tree.file(
        "\(prefix)/lib/node_modules/\(name)/package.json",
        "{\"name\":\"\(name)\",\"version\":\"1.0.0\",\"bin\":\"cli.js\"}")
      try tree.script("\(prefix)/lib/node_modules/\(name)/cli.js", "#!/usr/bin/env node\n")
    }
    try tree.link("\(prefix)/bin/server", to: "../lib/node_modules/@scope/server/cli.js")
    let expected = ["\(prefix)/bin/node", "\(prefix)/lib/node_modules/@scope/server/"]
    let installed = try tree.resolve("npx", ["-y", "@scope/server"], searchPath: "/nowhere")
    #expect(tree.shown(installed) == expected)
    let direct = try tree.resolve("server", searchPath: "/nowhere")
    #expect(
      tree.shown(direct) == [
        "\(prefix)/bin/node", "\(prefix)/bin/server -> ../lib/node_modules/@scope/server/cli.js",
        "\(prefix)/lib/node_modules/@scope/server/",
      ])
  }
}
