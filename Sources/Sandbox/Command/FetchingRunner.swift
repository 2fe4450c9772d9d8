import Kernel

/// `uvx`, `npx` and their like where they are let inside: the tool itself is what runs, with a cache in
/// the server's home and the destinations that its profile grants.
enum FetchingRunner {
  /// Whether the command line is such a call, and it is to run inside.
  static func runs(_ request: CommandRequest) -> Bool {
    request.fetchesPackages && !packages(request).isEmpty
  }

  /// The tool, with what it needs shown.
  static func program(
    _ request: CommandRequest, _ discovery: inout Discovery
  ) throws(CommandError) -> String {
    let name = Path.name(request.command)
    var program = request.absolute(request.command)
    if !request.command.utf8.contains(UInt8(ascii: "/")) {
      guard let match = try discovery.search.find(name) else {
        throw .notFound(name, searched: discovery.search.directories)
      }
      discovery.notes.append(match.note)
      program = match.path
    }
    discovery.notes.append("\(name) runs inside, and fetches there what it starts")
    // uvx starts the uv that lies beside it, wherever links lead to it.
    if Path.same(name, "uvx") {
      let real = try PathWalk.follow(program).real
      try discovery.show(
        Path.join(Path.parent(real), "uv"), as: .interpreter, reason: "started by uvx")
    }
    return program
  }

  /// A sentence for each package that has a fixed version: what it depends on has none.
  static func unpinned(_ request: CommandRequest) -> [String] {
    guard request.fetchesPackages else { return [] }
    return packages(request).compactMap { tool, package in
      guard tool.isFixed(package) else { return nil }
      return
        "the package \(package) is fetched inside: what it depends on is what the registry has "
        + "when it is"
    }
  }

  private static func packages(
    _ request: CommandRequest
  ) -> [(tool: PackageRunner, package: String)] {
    let name = Path.name(request.command)
    for tool in PackageRunner.all {
      guard let packages = tool.call(name, request.arguments[...]) else { continue }
      return packages.map { (tool, $0) }
    }
    return []
  }
}
