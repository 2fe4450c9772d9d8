/// Tools that fetch a package and start it. `uvx` and `npx` are resolved to what they have kept; these
/// keep nothing that could be started without them.
enum FetchingTool {
  private static let always = ["bunx", "pnpx"]
  private static let verbs = [
    "bun": ["x"], "deno": ["run"], "npm": ["exec", "x"], "pipx": ["run"], "pnpm": ["dlx", "exec"],
    "yarn": ["dlx"],
  ]

  /// - Throws: `unsupported` for a call that would fetch.
  static func check(_ request: CommandRequest) throws(CommandError) {
    let name = Path.name(request.command)
    if always.containsPath(name) {
      throw .unsupported(request.arguments.first ?? "it", tool: name)
    }
    guard let verb = request.arguments.first, let fetching = verbs[name], fetching.contains(verb),
      let package = request.arguments.dropFirst().first(where: { !$0.hasPrefix("-") })
    else { return }
    // deno runs local files too.
    if name == "deno", !package.contains(":") { return }
    throw .unsupported("\(verb) \(package)", tool: name)
  }

  /// Whether a script's `#!` line leads to a tool that would fetch what the script needs.
  static func isOne(_ program: String) -> Bool {
    ["uv", "uvx", "npx", "pipx"].containsPath(Path.name(program))
      || always.containsPath(Path.name(program))
  }
}
