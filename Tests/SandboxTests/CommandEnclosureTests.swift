import Kernel
import Sandbox
import Testing

/// What is resolved runs where nothing but its grants and the system's directories exist.
@Suite struct CommandEnclosureTests {
  @Test func theEnclosureHidesTheRest() throws {
    let tree = try CommandTree()
    let secret = try tree.file("secret", "")
    let script = try tree.script("script", "#!/bin/sh\n[ -e \(secret) ] && exit 3\necho gone\n")
    let outcome = try Enclosure.run(try tree.resolve(script))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "gone\n")
  }

  @Test func linksLeadToTheProgram() throws {
    let tree = try CommandTree()
    try tree.program("opt/tool-1/tool", from: "/bin/echo")
    try tree.link("opt/tool", to: "tool-1")
    try tree.link(".local/bin/greet", to: "../../opt/tool/tool")
    let outcome = try Enclosure.run(try tree.resolve("greet", ["hello"], searchPath: "/bin"))
    #expect(outcome.output == "hello\n", "\(outcome.errors)")
  }

  @Test func virtualEnvironmentRuns() throws {
    let tree = try CommandTree()
    try tree.environment(".venv")
    let script = try tree.script(
      ".venv/bin/server", "#!\(tree.path(".venv/bin/python"))\nimport sys; print(sys.prefix)\n")
    let outcome = try Enclosure.run(try tree.resolve(script))
    #expect(outcome.output == "\(tree.path(".venv"))\n", "\(outcome.errors)")
  }

  @Test func cachedUVEnvironmentRuns() throws {
    let tree = try CommandTree()
    try tree.environment(".cache/uv/archive-v0/abc", packages: ["notes-1.0"])
    try tree.script(
      ".cache/uv/archive-v0/abc/bin/notes",
      """
      #!/bin/sh
      '''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"
      ' '''
      import sys; print(sys.prefix, sys.argv[1:])
      """)
    try tree.link(".cache/uv/environments-v2/1/2", to: "../../archive-v0/abc")
    let outcome = try Enclosure.run(try tree.resolve("uvx", ["notes", "a b"]))
    #expect(
      outcome.output == "\(tree.path(".cache/uv/archive-v0/abc")) ['a b']\n", "\(outcome.errors)")
  }

  @Test(.enabled(if: Files.exists("/usr/bin/node"), "Node.js is not installed"))
  func cachedNPXPackageRuns() throws {
    let tree = try CommandTree()
    let modules = ".npm/_npx/0123456789abcdef/node_modules"
    try tree.file(
      "\(modules)/notes/package.json",
      "{\"name\":\"notes\",\"version\":\"1.0.0\",\"bin\":\"cli.js\"}")
    try tree.script(
      "\(modules)/notes/cli.js",
      "#!/usr/bin/env node\nconsole.log(require('helper'), process.argv.slice(2))\n")
    try tree.file("\(modules)/helper/index.js", "module.exports = 'helped'\n")
    let outcome = try Enclosure.run(try tree.resolve("npx", ["-y", "notes", "x"]))
    #expect(outcome.output == "helped [ 'x' ]\n", "\(outcome.errors)")
  }
}
