import Kernel

/// `uvx NAME`, `uv tool run NAME` and `uv run NAME`, resolved to what uv would start: the environment
/// of an installed tool, one that uv has cached, or the project's own. uv itself stays outside: it
/// writes to its cache even offline.
struct UVTool {
  let request: CommandRequest

  /// What takes the place of the command line.
  struct Replacement {
    let program: String
    let arguments: [String]
    let notes: [String]
  }

  /// - Returns: nil where the command line does not ask uv to start something.
  static func replacement(_ request: CommandRequest) throws(CommandError) -> Replacement? {
    let tool = UVTool(request: request)
    switch Path.name(request.command) {
    case "uvx":
      return try tool.runTool(request.arguments[...])
    case "uv":
      if request.arguments.starts(with: ["tool", "run"]) {
        return try tool.runTool(request.arguments[2...])
      }
      return try UVProject(request: request).replacement()
    default:
      return nil
    }
  }

  private func runTool(_ arguments: ArraySlice<String>) throws(CommandError) -> Replacement {
    var rest = arguments
    var from: String?
    var with: [String] = []
    var python: String?
    while let word = rest.first, word.hasPrefix("-"), word != "--" {
      let option = try UVOption.take(from: &rest, tool: "uvx")
      switch option.name {
      case "--from": from = option.value
      case "--with", "-w": with += (option.value ?? "").split(separator: ",").map(String.init)
      case "--python", "-p": python = option.value
      default: continue
      }
    }
    if rest.first == "--" { rest = rest.dropFirst() }
    guard let command = rest.first else {
      throw .unsupported("a call without a command", tool: "uvx")
    }
    let package = try UVPackage(from ?? command)
    let others = try with.map { text throws(CommandError) in try UVPackage(text) }
    // With --from the command is taken as it is; without, it can carry a version.
    let name = from == nil ? package.written : command
    let wanted = UVEnvironments.Wanted(
      command: name, package: package, others: others, python: python)
    let found = try UVEnvironments(request: request).find(wanted)
    return Replacement(
      program: Path.join(found.prefix, "bin/\(name)"), arguments: Array(rest.dropFirst()),
      notes: [found.note])
  }
}

/// A package as `uvx` takes it: `name`, `name@1.2`, `name@latest`, `name==1.2`, with or without extras.
struct UVPackage {
  let written: String
  let name: String
  let version: String?

  init(_ text: String) throws(CommandError) {
    var rest = Substring(text)
    var version: Substring?
    if let range = rest.firstRange(of: "==") ?? rest.firstRange(of: "@") {
      version = rest[range.upperBound...]
      rest = rest[..<range.lowerBound]
    }
    if let bracket = rest.firstIndex(of: "[") { rest = rest[..<bracket] }
    let allowed = rest.utf8.allSatisfy { byte in
      Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
        || "-_.".utf8.contains(byte)
    }
    // Ranges, URLs and paths are for a resolver.
    guard allowed, !rest.isEmpty, version.map({ !$0.contains("/") && !$0.contains(":") }) ?? true
    else { throw .unsupported("the requirement \"\(text)\"", tool: "uvx") }
    written = String(rest)
    name = VirtualEnvironment.normalized(written)
    self.version = version.flatMap { $0 == "latest" ? nil : String($0) }
  }
}

/// The options of `uvx` and `uv run` that do not change which environment is meant, and those that do.
enum UVOption {
  private static let flags: Set<String> = [
    "--offline", "--quiet", "-q", "--verbose", "-v", "--no-progress", "--isolated", "--no-config",
    "--native-tls", "--no-env-file", "--no-python-downloads", "--frozen", "--no-sync", "--locked",
  ]
  private static let valued: Set<String> = [
    "--from", "--with", "-w", "--python", "-p", "--directory", "--project", "--index",
    "--default-index", "--index-url", "-i", "--extra-index-url", "--color", "--python-preference",
  ]

  /// Takes one option off the front.
  ///
  /// - Throws: `unsupported` for an option that is not known here.
  static func take(
    from arguments: inout ArraySlice<String>, tool: String
  ) throws(CommandError) -> (name: String, value: String?) {
    let word = arguments.removeFirst()
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    if flags.contains(word) { return (word, nil) }
    if parts.count == 2, word.hasPrefix("--"), valued.contains(parts[0]) {
      return (parts[0], parts[1])
    }
    if valued.contains(word), let value = arguments.popFirst() { return (word, value) }
    throw .unsupported("the option \(word)", tool: tool)
  }
}
