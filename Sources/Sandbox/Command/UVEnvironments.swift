/// The environments that uv keeps for tools: installed ones, and cached ones of earlier calls.
struct UVEnvironments {
  let request: CommandRequest

  struct Wanted {
    let command: String
    let package: UVPackage
    let others: [UVPackage]
    let python: String?
  }

  struct Environment {
    let prefix: String
    let version: String
    let size: Int
    let note: String
  }

  /// An installed tool where no version is asked for, as uv does; else the cached environment with
  /// the highest version, and of those the one with the fewest packages (one that was made for
  /// something else has others).
  func find(_ wanted: Wanted) throws(CommandError) -> Environment {
    let tools = toolDirectory
    if wanted.package.version == nil, wanted.others.isEmpty,
      let environment = match(Path.join(tools, wanted.package.name), wanted, "uv's installed tool")
    {
      return environment
    }
    let cache = cacheDirectory
    // environments-vN/INTERPRETER/RESOLUTION; N changes with uv's layout.
    let interpreters = Look.names(in: cache).filter { $0.hasPrefix("environments-v") }.flatMap {
      layout in
      Look.names(in: Path.join(cache, layout)).map { "\(cache)/\(layout)/\($0)" }
    }
    let candidates = interpreters.flatMap { interpreter in
      Look.names(in: interpreter).compactMap { name in
        match(Path.join(interpreter, name), wanted, "uv's cached environment")
      }
    }
    let best = candidates.max { left, right in
      if VersionOrder.isLower(left.version, right.version) { return true }
      if VersionOrder.isLower(right.version, left.version) { return false }
      return left.size > right.size
    }
    guard let best else {
      throw .notCached(wanted.package.name, tool: "uvx", looked: [tools, cache])
    }
    return best
  }

  private func match(_ path: String, _ wanted: Wanted, _ what: String) -> Environment? {
    // The cache names an environment by a link into its archive: the archive's own path is used.
    guard let prefix = Look.real(path),
      Look.isExecutable(Path.join(prefix, "bin/\(wanted.command)")),
      Look.isExecutable(Path.join(prefix, "bin/python")), hasPython(prefix, wanted.python)
    else { return nil }
    let installed = VirtualEnvironment.distributions(prefix)
    for package in [wanted.package] + wanted.others {
      guard let found = installed.first(where: { $0.name == package.name }),
        package.version.map({ $0 == found.version }) ?? true
      else { return nil }
    }
    guard let own = installed.first(where: { $0.name == wanted.package.name }) else { return nil }
    return Environment(
      prefix: prefix, version: own.version, size: installed.count,
      note: "\(wanted.package.name) \(own.version): \(what) \(prefix)")
  }

  private func hasPython(_ prefix: String, _ wanted: String?) -> Bool {
    guard let wanted else { return true }
    let configuration = Path.join(prefix, "pyvenv.cfg")
    let version =
      TextFile.value(of: "version_info", in: configuration)
      ?? TextFile.value(of: "version", in: configuration)
    return version.map { VersionOrder.matches($0, wanted) } ?? false
  }

  private var cacheDirectory: String {
    if request.environment["UV_CACHE_DIR"] != nil {
      return request.directory("UV_CACHE_DIR", or: ".cache/uv")
    }
    return Path.join(request.directory("XDG_CACHE_HOME", or: ".cache"), "uv")
  }

  private var toolDirectory: String {
    if request.environment["UV_TOOL_DIR"] != nil {
      return request.directory("UV_TOOL_DIR", or: ".local/share/uv/tools")
    }
    return Path.join(request.directory("XDG_DATA_HOME", or: ".local/share"), "uv/tools")
  }
}
