import Kernel

/// Resolves a command line outside the sandbox: what will be executed, and what of the machine must be
/// shown read-only inside for that.
///
/// Nothing is executed, and nothing is granted beyond what it says: of `~/.local/bin` the one
/// executable and what it leads to; a virtual environment, a Python installation or a package's
/// directory whole; never the home directory.
public enum CommandFinder {
  /// - Throws: `CommandError`, which says what is missing and has a hint.
  public static func resolve(_ request: CommandRequest) throws(CommandError) -> ResolvedCommand {
    var discovery = Discovery(request)
    let start = try substitute(request, &discovery)
    discovery.addToSearchPath(Path.parent(start.program))
    try discovery.show(start.program, as: .executable, reason: "command")
    if let entry = EntryFile.find(start.program, start.arguments, request) {
      try discovery.entry(entry)
    }
    if let script = discovery.launchFiles.first?.path, !discovery.grants.covers(script),
      discovery.launchFiles.contains(where: { $0.role == .interpreter })
    {
      discovery.notes.append("\(script) is shown without what lies beside it")
    }
    let grants = discovery.grants.ordered
    return ResolvedCommand(
      executable: start.program, arguments: [start.program] + start.arguments,
      grants: grants, ownerOnly: grants.filter(isOwnerOnly).map(\.path),
      searchPath: discovery.searchPath,
      launchFiles: discovery.launchFiles,
      unpinned: UnpinnedCode.find(request.command, request.arguments)
        + FetchingRunner.unpinned(request), notes: discovery.notes,
      warnings: discovery.warnings)
  }

  /// Whether another identity could not read what is granted.
  private static func isOwnerOnly(_ grant: CommandGrant) -> Bool {
    switch grant.kind {
    case .link: return false
    case .file: return lacks(grant.path, 0o004)
    case .directory: return lacks(grant.path, 0o005)
    }
  }

  private static func lacks(_ path: String, _ bits: UInt32) -> Bool {
    guard let status = Look.status(path) else { return true }
    return status.mode & bits != bits
  }

  private struct Start {
    let program: String
    let arguments: [String]
  }

  /// What is started: for `uvx` and `npx` what they would start, for a name what the search finds.
  private static func substitute(
    _ request: CommandRequest, _ discovery: inout Discovery
  ) throws(CommandError) -> Start {
    if FetchingRunner.runs(request) {
      return Start(
        program: try FetchingRunner.program(request, &discovery), arguments: request.arguments)
    }
    try FetchingTool.check(request)
    if let tool = try UVTool.replacement(request) {
      discovery.notes += tool.notes
      return Start(program: tool.program, arguments: tool.arguments)
    }
    if let package = try NPXPackage.replacement(request, discovery.search) {
      discovery.notes += package.notes
      return Start(program: package.program, arguments: package.arguments)
    }
    let command = request.command
    guard !command.utf8.contains(UInt8(ascii: "/")) else {
      let path = request.absolute(command)
      return Start(
        program: try throughShim(path, request, &discovery), arguments: request.arguments)
    }
    guard !command.isEmpty, let match = try discovery.search.find(command) else {
      throw .notFound(command, searched: discovery.search.directories)
    }
    discovery.notes.append(match.note)
    return Start(program: match.path, arguments: request.arguments)
  }

  /// A shim given by its path stands for the program too.
  private static func throughShim(
    _ path: String, _ request: CommandRequest, _ discovery: inout Discovery
  ) throws(CommandError) -> String {
    guard let root = Pyenv.root(ofShim: path) else { return path }
    let name = Path.name(path)
    switch Pyenv.resolve(name, root: root, request) {
    case .program(let program, let note):
      discovery.notes.append("\(name): \(note)")
      return program
    case .system:
      throw .shim(path, manager: "pyenv")
    case .missing(let versions):
      throw .noVersion(name, manager: "pyenv", versions: versions)
    }
  }
}
