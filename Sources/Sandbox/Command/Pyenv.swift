import Kernel

/// pyenv's choice of a version, without running it: its shims are scripts that ask pyenv each time.
///
/// The order is pyenv's, except that the working directory is not read: PYENV_VERSION, then
/// `.python-version` in the home directory, then the global `version` file.
enum Pyenv {
  enum Resolution {
    case program(String, note: String)
    /// The selected version is `system`: whatever comes later in PATH.
    case system
    case missing(versions: [String])
  }

  static func root(_ request: CommandRequest) -> String {
    request.directory("PYENV_ROOT", or: ".pyenv")
  }

  /// The installation that a shim belongs to, or nil where the file is not one.
  static func root(ofShim path: String) -> String? {
    let directory = Path.parent(path)
    guard Path.same(Path.name(directory), "shims") else { return nil }
    let root = Path.parent(directory)
    guard Files.exists(Path.join(root, "versions")), Files.exists(Path.join(root, "libexec/pyenv"))
    else { return nil }
    return root
  }

  static func resolve(_ name: String, root: String, _ request: CommandRequest) -> Resolution {
    let installed = Look.names(in: Path.join(root, "versions"))
    let (wanted, origin) = selected(root, request)
    for version in wanted {
      if Path.same(version, "system") { return .system }
      guard let match = installation(version, among: installed) else { continue }
      let program = "\(root)/versions/\(match)/bin/\(name)"
      if Look.isExecutable(program) {
        return .program(program, note: "pyenv version \(match) (set by \(origin))")
      }
    }
    let having = installed.filter {
      Look.isExecutable("\(root)/versions/\($0)/bin/\(name)")
    }
    // Without a choice pyenv means the system's.
    return wanted.isEmpty
      ? .system : .missing(versions: having.sorted(by: VersionOrder.isLower))
  }

  private static func selected(
    _ root: String, _ request: CommandRequest
  ) -> (versions: [String], origin: String) {
    if let value = request.environment["PYENV_VERSION"], !value.isEmpty {
      return (value.split(separator: ":").map(String.init), "PYENV_VERSION")
    }
    for file in [Path.join(request.home, ".python-version"), Path.join(root, "version")] {
      let versions = TextFile.words(file)
      if !versions.isEmpty { return (versions, file) }
    }
    return ([], "")
  }

  /// An installed version by its name, by its name without `python-`, or the latest that begins so.
  private static func installation(_ version: String, among installed: [String]) -> String? {
    let plain = version.hasPrefix("python-") ? String(version.dropFirst(7)) : version
    // A name with a slash would lead elsewhere.
    for candidate in [version, plain] where installed.containsPath(candidate) { return candidate }
    return installed.filter { VersionOrder.matches($0, plain) }.max(by: VersionOrder.isLower)
  }
}
