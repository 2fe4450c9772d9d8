import Kernel

/// What a program is part of, and needs around it.
enum Installation {
  /// A Python virtual environment; `base` is the directory of the interpreter that it was made with.
  case virtualEnvironment(String, base: String?)
  /// A Python of its own (pyenv, uv, conda): the directory with `bin` and `lib`, and the library in it.
  case python(prefix: String, library: String)
  /// The packages that a Node.js script loads from.
  case nodePackages(String)
  case none

  /// - Parameter hop: a path on the way to a program, or the program's own.
  static func around(_ hop: String) throws(CommandError) -> Installation {
    let directory = try PathWalk.follow(Path.parent(hop)).real
    if SystemDirectories.shows(directory) { return .none }
    if let packages = nodePackages(hop) { return .nodePackages(packages) }
    guard Path.same(Path.name(directory), "bin") else { return .none }
    let prefix = Path.parent(directory)
    let configuration = Path.join(prefix, "pyvenv.cfg")
    if Files.exists(configuration) {
      return .virtualEnvironment(prefix, base: TextFile.value(of: "home", in: configuration))
    }
    guard let library = pythonLibrary(in: prefix) else { return .none }
    return .python(prefix: prefix, library: library)
  }

  /// `lib/pythonX.Y` with the standard library in it. (`~/.local/lib/pythonX.Y` without it is where
  /// pip puts packages for one user.)
  private static func pythonLibrary(in prefix: String) -> String? {
    let lib = Path.join(prefix, "lib")
    return Look.names(in: lib).filter { $0.hasPrefix("python") || $0.hasPrefix("pypy") }
      .map { Path.join(lib, $0) }
      .first { Files.exists(Path.join($0, "os.py")) }
  }

  /// Below `lib/node_modules` (a global installation) a package has its dependencies inside it;
  /// anywhere else they lie beside it, so all of `node_modules` is needed.
  private static func nodePackages(_ path: String) -> String? {
    let names = Path.components(path)
    guard let index = names.firstIndex(where: { Path.same($0, "node_modules") }),
      index + 1 < names.count
    else { return nil }
    let isGlobal = index > 0 && Path.same(names[index - 1], "lib")
    var end = index + 1
    if isGlobal { end += names[index + 1].hasPrefix("@") ? 2 : 1 }
    guard end < names.count else { return nil }
    return "/" + names[..<end].joined(separator: "/")
  }
}
