import Testing

@testable import Profile

@Suite struct ValueTests {
  @Test(arguments: [
    ("1KiB", 1024), ("64MiB", 64 << 20), ("2GiB", 2 << 30), ("1TiB", 1 << 40),
    ("1500KiB", 1_536_000),
  ])
  func sizes(_ text: String, _ bytes: Int) throws {
    #expect(try SizeValue.parse(text).bytes == bytes)
  }

  @Test(arguments: [
    "", "64", "0MiB", "064MiB", "64MB", "64 MiB", "64mib", "64M", "MiB", "-1MiB", "+1MiB", "1.5MiB",
    "1e3KiB", "64MiB ", "９MiB", "99999999999999999999MiB", "9999999999TiB",
  ])
  func notSizes(_ text: String) {
    #expect(throws: ValueFault.self) { try SizeValue.parse(text) }
  }

  @Test(arguments: [(64 << 20, "64MiB"), (1536 << 10, "1536KiB"), (1000, "1000 bytes")])
  func sizesInWords(_ bytes: Int, _ words: String) {
    #expect(SizeValue(bytes: bytes).description == words)
  }

  @Test(arguments: ["a", "0", "A.b_c-d", String(repeating: "x", count: 64)])
  func names(_ text: String) {
    #expect(ServerName(text)?.text == text)
  }

  @Test(arguments: [
    "", ".", "..", "-a", "_a", "a/b", "a b", "é", "a\u{301}", "a\0", "a\n",
    String(repeating: "x", count: 65),
  ])
  func notNames(_ text: String) {
    #expect(ServerName(text) == nil)
  }

  static let expansion = PathExpansion(home: "/home/ada", server: "notes")

  @Test(arguments: [
    ("/opt/models", "/opt/models"), ("//opt///models/", "/opt/models"), ("/opt/./x/.", "/opt/x"),
    ("~", "/home/ada"), ("~/notes", "/home/ada/notes"), ("${HOME}/x", "/home/ada/x"),
    ("/srv/${SERVER}/data", "/srv/notes/data"), ("~/${SERVER}", "/home/ada/notes"),
    ("/", "/"), ("//", "/"), ("/./", "/"), ("/a$b/$HOME/~", "/a$b/$HOME/~"), ("/a/...", "/a/..."),
    ("/x y", "/x y"),
  ])
  func paths(_ text: String, _ path: String) throws {
    #expect(try GrantPath.parse(text, expansion: Self.expansion).hasSameBytes(as: path))
  }

  @Test(arguments: [
    "", "x", "./x", "../x", "~ada/x", "/a/../b", "~/..", "/a\0b", "/a\nb", "/a\u{7F}", "$HOME/x",
    "${HOME", "${USER}/x", "/x/${HOME}", "~/../../etc/shadow", "/proc", "/sys/fs",
    "/dev/null", "/" + String(repeating: "x", count: 256),
    String(repeating: "/abc", count: 1024),
    // Slashes and dots that carry combining marks are still slashes and dots to the kernel.
    "/x/../\u{301}", "/x/\u{301}/../y", "~\u{301}/x",
  ])
  func notPaths(_ text: String) {
    #expect(throws: ValueFault.self) { try GrantPath.parse(text, expansion: Self.expansion) }
  }

  /// To the kernel these are two files.
  @Test func normalFormsStayApart() throws {
    let composed = try GrantPath.parse("/caf\u{E9}", expansion: Self.expansion)
    let decomposed = try GrantPath.parse("/cafe\u{301}", expansion: Self.expansion)
    #expect(!composed.hasSameBytes(as: decomposed))
    let profile = try Fixture().resolve { $0.readOnly = ["/caf\u{E9}", "/cafe\u{301}"] }
    #expect(profile.filesystem.readOnly.count == 2)
  }

  @Test func aCallerWithoutHome() {
    let nobody = PathExpansion(home: "", server: "notes")
    #expect(throws: ValueFault.self) { try nobody.expand("~/x") }
    #expect(throws: Never.self) { try nobody.expand("/x") }
  }

  @Test(arguments: [
    ("/a", "/a", true), ("/a", "/a/b", true), ("/a/b", "/a", true), ("/", "/a", true),
    ("/a", "/ab", false), ("/a/b", "/a/c", false),
  ])
  func overlap(_ first: String, _ second: String, _ overlap: Bool) {
    #expect(PathOrder.overlap(first, second) == overlap)
  }

  @Test(arguments: [
    "NODE_OPTIONS", "NODE_PATH", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "LD_PRELOAD",
    "LD_LIBRARY_PATH", "npm_config_registry", "NPM_CONFIG_REGISTRY", "UV_INDEX_URL", "PERL5LIB",
    "RUBYOPT", "JAVA_TOOL_OPTIONS", "BASH_ENV", "ENV", "GCONV_PATH", "GLIBC_TUNABLES",
    "PIP_INDEX_URL", "OPENSSL_CONF", "GIT_SSH_COMMAND", "GIT_CONFIG_COUNT", "Node_Options",
    "NODE_COMPILE_CACHE", "LUA_PATH_5_4", "PERL5OPT", "TS_NODE_COMPILER", "DOCKER_HOST",
    "VOLTA_HOME", "PUPPETEER_EXECUTABLE_PATH", "GTK_MODULES", "JAVA_HOME", "UV_PYTHON",
  ])
  func steeringVariables(_ name: String) throws {
    let fault = #expect(throws: ValueFault.self) { try VariableRule.passed(name) }
    #expect(fault?.reason == .steeringVariable)
    #expect(try VariableRule.literal(name, "x").name == name)
  }

  @Test(arguments: ["LANG", "TZ", "GITHUB_TOKEN", "LDAP_URI", "ENVIRONMENT", "PYTHONUNBUFFERED"])
  func plainVariables(_ name: String) throws {
    #expect(try VariableRule.passed(name).value == .passed)
  }

  @Test(arguments: ["HOME", "PATH", "TMPDIR"])
  func variablesOfTheSandbox(_ name: String) throws {
    let fault = #expect(throws: ValueFault.self) { try VariableRule.passed(name) }
    #expect(fault?.reason == .badVariable)
  }

  @Test func aValueThatNoExecTakes() {
    let value = String(repeating: "x", count: VariableRule.longest)
    #expect(throws: ValueFault.self) { try VariableRule.literal("A", value) }
  }

  @Test(arguments: [
    ("limts", "limits"), ("identiy", "identity"), ("enviroment", "environment"),
    ("IDENTITY", "identity"), ("ilmits", "limits"),
  ])
  func nearest(_ word: String, _ meant: String) {
    #expect(
      Suggestion.nearest(to: word, in: ["identity", "limits", "environment", "system"]) == meant)
  }

  @Test(arguments: ["", "x", "something", "sys"])
  func nothingNear(_ word: String) {
    #expect(Suggestion.nearest(to: word, in: ["identity", "limits", "environment"]) == nil)
  }
}
