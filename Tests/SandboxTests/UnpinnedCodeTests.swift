import Testing

@testable import Sandbox

/// What a person is told of code that nothing pins.
@Suite struct UnpinnedCodeTests {
  /// The packages that a command line starts without naming them exactly.
  private func packages(_ words: [String]) -> [String] {
    UnpinnedCode.find(words[0], Array(words.dropFirst())).map { sentence in
      let parts = sentence.split(separator: " ")
      return String(parts[sentence.hasPrefix("the package") ? 2 : 3])
    }
  }

  static let unpinned: [(String, [String])] = [
    ("npx server", ["server"]),
    ("/usr/bin/npx -y server@latest --port 1", ["server@latest"]),
    ("npx -y @scope/server", ["@scope/server"]),
    ("npx @scope/server@1", ["@scope/server@1"]),
    ("npx @scope/server@^1.2.3", ["@scope/server@^1.2.3"]),
    ("npx -p a@1.0.0 -p b@2 run", ["b@2"]),
    ("npx --package=a command@1.0.0", ["a"]),
    ("npx --registry https://r.example a", ["a"]),
    ("npx github:user/server", ["github:user/server"]),
    ("npm exec -- server", ["server"]),
    ("pnpm dlx server", ["server"]),
    ("bunx server", ["server"]),
    ("uvx server", ["server"]),
    ("uvx server@latest", ["server@latest"]),
    ("uvx server==1.*", ["server==1.*"]),
    ("uvx --python 3.12 --with extra server==1.2", ["extra"]),
    ("uvx --from git+https://h.example/r server", ["git+https://h.example/r"]),
    ("uv tool run server", ["server"]),
    ("pipx run --spec a>=2 command", ["a>=2"]),
    ("docker run -i --rm mcp/fetch", ["mcp/fetch"]),
    ("docker run -i --rm -e TOKEN -v /a:/b --network=none mcp/fetch:1.2 x", ["mcp/fetch:1.2"]),
    ("podman container run --init --name n quay.io/a/b:latest", ["quay.io/a/b:latest"]),
    ("deno run -A npm:server", ["npm:server"]),
    ("deno run https://h.example/server.ts", ["https://h.example/server.ts"]),
    ("go run example.com/server@latest", ["example.com/server@latest"]),
    ("env A=1 -u B npx server", ["server"]),
    ("sudo -n timeout 30 uvx server", ["server"]),
  ]

  @Test(arguments: unpinned)
  func isNamed(_ line: String, _ expected: [String]) {
    #expect(packages(line.split(separator: " ").map(String.init)) == expected)
  }

  static let pinned = [
    "npx server@1.2.3", "npx -y @scope/server@1.2.3-rc.1", "npx ./server", "npx --version",
    "npx github:user/server#0123456789abcdef0123456789abcdef01234567", "npm start", "npm run exec",
    "uvx server==1.2", "uvx server@1.2.3", "uvx --from server==1.0 command", "uv run server.py",
    "pipx list", "docker ps",
    "docker run -i mcp/fetch@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "deno run server.ts", "deno run npm:server@1.2.3", "go run ./server", "go build",
    "go run example.com/server@v1.2.3", "node server.js", "python3 -m server", "sh server.sh",
    "env",
  ]

  @Test(arguments: pinned)
  func isNoneWhereTheCommandSaysWhich(_ line: String) {
    #expect(packages(line.split(separator: " ").map(String.init)) == [])
  }

  @Test func insideAShellsText() {
    #expect(
      packages([
        "bash", "-lc", "cd /srv && TOKEN=\"a b\" exec npx -y 'server' | tee log; uvx other",
      ])
        == ["server", "other"])
    #expect(packages(["sh", "-c", "sh -c \"npx server\""]) == ["server"])
    #expect(packages(["sh", "-c", "echo npx server"]) == [])
  }

  @Test func ofACommandThatIsResolvedToWhatIsCached() throws {
    let tree = try CommandTree()
    try tree.program(".nvm/versions/node/v20.11.0/bin/node")
    let root = ".npm/_npx/aa/node_modules/plain"
    try tree.file(
      "\(root)/package.json", #"{"name":"plain","version":"2.0.0","bin":"index.js"}"#)
    try tree.script("\(root)/index.js", "#!/usr/bin/env node\n")
    #expect(try tree.resolve("npx", ["plain"]).unpinned.count == 1)
    #expect(try tree.resolve("npx", ["plain@2.0.0"]).unpinned.isEmpty)
  }
}
