import JSON
import Kernel

/// `npx NAME`, resolved to the script that npm would start: of a global installation, or of the cache
/// that an earlier call filled. npm itself stays outside: it asks the registry first.
struct NPXPackage {
  let request: CommandRequest
  let search: SearchPath

  struct Replacement {
    let program: String
    let arguments: [String]
    let notes: [String]
  }

  /// - Returns: nil where the command is not `npx`.
  static func replacement(
    _ request: CommandRequest, _ search: SearchPath
  ) throws(CommandError) -> Replacement? {
    guard Path.same(Path.name(request.command), "npx") else { return nil }
    return try NPXPackage(request: request, search: search).replacement()
  }

  private func replacement() throws(CommandError) -> Replacement {
    var rest = request.arguments[...]
    var package: String?
    while let word = rest.first, word.hasPrefix("-") {
      rest = rest.dropFirst()
      if word == "--" { break }
      switch word {
      case "-y", "--yes", "-q", "--quiet", "--offline", "--prefer-offline": continue
      case "-p", "--package": package = rest.popFirst()
      default:
        guard word.hasPrefix("--package=") else {
          throw .unsupported("the option \(word)", tool: "npx")
        }
        package = String(word.dropFirst("--package=".count))
      }
    }
    guard let first = rest.first else {
      throw .unsupported("a call without a package", tool: "npx")
    }
    let wanted = try Specification(package ?? first)
    let command = package == nil ? nil : first
    let found = try find(wanted, command)
    return Replacement(
      program: found.program, arguments: Array(rest.dropFirst()), notes: [found.note])
  }

  private func find(
    _ wanted: Specification, _ command: String?
  ) throws(CommandError) -> (program: String, note: String) {
    var looked: [String] = []
    for root in try globalRoots() {
      looked.append(root)
      if let match = match(root, wanted), let script = match.script(command) {
        return (script, "\(wanted.name) \(match.version): installed globally in \(root)")
      }
    }
    let cache = Path.join(request.directory("npm_config_cache", or: ".npm"), "_npx")
    looked.append(cache)
    let candidates = Look.names(in: cache)
      .map { Path.join(cache, "\($0)/node_modules") }
      .compactMap { root in match(root, wanted).map { (root: root, package: $0) } }
    let best = candidates.max { VersionOrder.isLower($0.package.version, $1.package.version) }
    guard let best, let script = best.package.script(command) else {
      throw .notCached(wanted.name, tool: "npx", looked: looked)
    }
    return (script, "\(wanted.name) \(best.package.version): npx's cache \(best.root)")
  }

  /// `lib/node_modules` beside each node that PATH has.
  private func globalRoots() throws(CommandError) -> [String] {
    guard let node = try search.find("node") else { return [] }
    let prefix = Path.parent(Path.parent(try PathWalk.follow(node.path).real))
    return [Path.join(prefix, "lib/node_modules")]
  }

  private func match(_ root: String, _ wanted: Specification) -> NodePackage? {
    guard let package = NodePackage(Path.join(root, wanted.name)) else { return nil }
    guard let version = wanted.version else { return package }
    return VersionOrder.matches(package.version, version) ? package : nil
  }

  /// `name`, `@scope/name`, each with or without `@version`.
  struct Specification {
    let name: String
    let version: String?

    init(_ text: String) throws(CommandError) {
      let start = text.hasPrefix("@") ? text.index(after: text.startIndex) : text.startIndex
      let at = text[start...].firstIndex(of: "@")
      let name = String(text[..<(at ?? text.endIndex)])
      let version = at.map { String(text[text.index(after: $0)...]) }
      let parts = Path.components(name)
      let isPlain =
        !name.contains(":") && !name.contains("..") && !name.hasPrefix(".") && !name.hasPrefix("/")
        && parts.count == (text.hasPrefix("@") ? 2 : 1)
      guard isPlain, version.map({ !$0.contains(where: { "^~<>=*:/ ".contains($0) }) }) ?? true
      else { throw .unsupported("the package \"\(text)\"", tool: "npx") }
      self.name = name
      // `latest` is what the cache has: nothing is fetched.
      self.version = version == "latest" ? nil : version
    }
  }
}

/// An unpacked npm package.
struct NodePackage {
  let directory: String
  let name: String
  let version: String
  /// Command names and their scripts, relative to the directory.
  let commands: [(name: String, script: String)]

  init?(_ directory: String) {
    let path = Path.join(directory, "package.json")
    guard let bytes = Look.contents(path, limit: 1_048_576),
      let root = Self.parse(bytes), let name = root["name"]?.string?.string,
      let version = root["version"]?.string?.string
    else { return nil }
    self.directory = directory
    self.name = name
    self.version = version
    let unscoped = Path.name(name)
    if let script = root["bin"]?.string?.string {
      commands = [(unscoped, script)]
    } else {
      commands = (root["bin"]?.object ?? []).compactMap { member in
        member.value.string.map { (member.key.string, $0.string) }
      }
    }
  }

  /// What is not JSON is no package.
  private static func parse(_ bytes: [UInt8]) -> JSONNode? {
    do { return try JSONReader.parse(bytes) } catch { return nil }
  }

  /// The script of a command; without a name, the only one, or the one named as the package is.
  func script(_ command: String?) -> String? {
    let targets = Set(commands.map { Path.normalized($0.script) })
    let match =
      command.map { name in commands.first { $0.name == name } }
      ?? (targets.count == 1 ? commands.first : commands.first { $0.name == Path.name(name) })
    guard let match else { return nil }
    let script = Path.normalized(Path.join(directory, match.script))
    guard Path.isWithin(script, directory), Files.exists(script) else { return nil }
    return script
  }
}
