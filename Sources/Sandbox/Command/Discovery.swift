import Kernel

/// Collects what a program needs to be seen inside, by looking at files and running none.
struct Discovery {
  let request: CommandRequest
  let search: SearchPath
  private(set) var grants: [CommandGrant] = []
  private(set) var launchFiles: [LaunchFile] = []
  private(set) var searchPath: [String] = []
  private(set) var warnings: [String] = []
  var notes: [String] = []
  private var seen: [String] = []

  init(_ request: CommandRequest) {
    self.request = request
    search = SearchPath(request)
  }

  /// The kernel follows five interpreters of interpreters, then gives up.
  private static let mostInterpreters = 5

  /// Shows an executable and all that it takes to run it.
  mutating func show(
    _ path: String, as role: LaunchFile.Role, reason: String, depth: Int = 0
  ) throws(CommandError) {
    guard depth <= Self.mostInterpreters else {
      throw .interpreter(path, script: path)
    }
    if seen.containsPath(path) { return }
    seen.append(path)
    let walk = try PathWalk.follow(path)
    guard !SystemDirectories.own.contains(where: { Path.isWithin(walk.real, $0) }) else {
      throw .outOfReach(walk.real)
    }
    guard SearchPath.isExecutable(walk.real) else { throw .notExecutable(path) }
    link(walk, reason: reason)
    launchFiles.append(LaunchFile(role: role, path: walk.real))
    for hop in walk.hops { try showInstallation(around: hop, for: path, depth: depth) }
    file(walk.real, reason: reason)
    try showLoader(of: walk.real, path: path, depth: depth)
  }

  /// Also looked for in the PATH inside.
  mutating func addToSearchPath(_ directory: String) {
    if SystemDirectories.shows(directory) || searchPath.containsPath(directory) { return }
    searchPath.append(directory)
  }

  mutating func warn(_ text: String) {
    if !warnings.contains(text) { warnings.append(text) }
  }

  mutating func entry(_ path: String) throws(CommandError) {
    launchFiles.append(LaunchFile(role: .entry, path: try PathWalk.follow(path).real))
  }

  // MARK: - What a program is part of

  private mutating func showInstallation(
    around hop: String, for path: String, depth: Int
  ) throws(CommandError) {
    switch try Installation.around(hop) {
    case .virtualEnvironment(let prefix, let base):
      try directory(prefix, reason: "virtual environment", for: path)
      addToSearchPath(Path.join(prefix, "bin"))
      VirtualEnvironment.outsidePaths(prefix).forEach { outside in
        warn("\(prefix) loads code from \(outside): --read-only \(outside)")
      }
      try show(
        Path.join(prefix, "bin/python"), as: .interpreter,
        reason: "interpreter of \(prefix)", depth: depth + 1)
      if let base, let python = VirtualEnvironment.interpreter(in: base) {
        try show(
          python, as: .interpreter, reason: "interpreter that \(prefix) was made with",
          depth: depth + 1)
      }
    case .python(let prefix, let library):
      // A prefix that is shared with everything else of the user's is not shown whole.
      if isShared(prefix) {
        try directory(library, reason: "Python's library", for: path)
      } else {
        try directory(prefix, reason: "Python installation", for: path)
      }
    case .nodePackages(let packages):
      try directory(packages, reason: "Node.js packages", for: path)
    case .none:
      break
    }
  }

  // MARK: - What starts it

  private mutating func showLoader(
    of real: String, path: String, depth: Int
  ) throws(CommandError) {
    let start: [UInt8]
    let isNative: Bool
    do throws(SystemError) {
      start = try FileStart(real).bytes(0, Shebang.window)
      isNative = try DynamicObject.isNative(start)
    } catch {
      throw .unreadable(error)
    }
    if isNative { return try showLibraries(of: real) }
    switch Shebang.read(start) {
    case .none:
      throw .unknownFormat(path)
    case .malformed(let interpreter):
      throw .interpreter(interpreter, script: path)
    case .shebang(let shebang):
      try showInterpreter(shebang, of: path, depth: depth)
    }
  }

  private mutating func showInterpreter(
    _ shebang: Shebang, of script: String, depth: Int
  ) throws(CommandError) {
    guard Files.exists(shebang.interpreter) else {
      throw .interpreter(shebang.interpreter, script: script)
    }
    if Pyenv.root(ofShim: shebang.interpreter) != nil {
      // A shim runs pyenv, which is not shown: the script must name a real interpreter.
      throw .shim(shebang.interpreter, manager: "pyenv")
    }
    let reason = "interpreter of \(script)"
    try show(shebang.interpreter, as: .interpreter, reason: reason, depth: depth + 1)
    let name: String?
    do throws(Shebang.UnknownForm) {
      name = try shebang.programForEnv()
    } catch {
      throw .interpreter("\(shebang.interpreter) \(shebang.argument ?? "")", script: script)
    }
    guard let name else { return }
    let path: String
    if Path.isAbsolute(name) {
      path = name
    } else {
      guard let match = try search.find(name) else { throw .interpreter(name, script: script) }
      path = match.path
      notes.append(match.note)
      addToSearchPath(Path.parent(path))
    }
    try show(path, as: .interpreter, reason: reason, depth: depth + 1)
  }

  // MARK: - What it loads

  private mutating func showLibraries(of real: String) throws(CommandError) {
    if SystemDirectories.shows(real) { return }
    let object: DynamicObject
    do throws(DynamicObject.Failure) {
      object = try DynamicObject.read(real)
    } catch {
      throw .unknownFormat(real)
    }
    if let loader = object.loader {
      guard Files.exists(loader) else { throw .interpreter(loader, script: real) }
      try showLibrary(loader, for: real)
    }
    let own = object.searchPath.map { Self.expand($0, origin: Path.parent(real)) }
    for name in object.needed {
      let places = (own + SystemDirectories.libraries).filter(Path.isAbsolute)
      if name.contains("/") {
        try showLibrary(name, for: real)
      } else if let place = places.first(where: { Files.exists(Path.join($0, name)) }) {
        try showLibrary(Path.join(place, name), for: real)
      } else {
        warn("\(real) needs \(name), which is not where it looks: --read-only DIRECTORY adds one")
      }
    }
  }

  private mutating func showLibrary(_ path: String, for program: String) throws(CommandError) {
    if SystemDirectories.shows(path) || seen.containsPath(path) { return }
    seen.append(path)
    guard Files.exists(path) else { return }
    let walk = try PathWalk.follow(path)
    link(walk, reason: "library of \(program)")
    file(walk.real, reason: "library of \(program)")
    try showLibraries(of: walk.real)
  }

  private static func expand(_ path: String, origin: String) -> String {
    var text = path
    for name in ["${ORIGIN}", "$ORIGIN"] {
      while let range = text.firstRange(of: name) { text.replaceSubrange(range, with: origin) }
    }
    return Path.normalized(text)
  }

  // MARK: - Grants

  private mutating func link(_ walk: PathWalk, reason: String) {
    for link in walk.links {
      add(CommandGrant(path: link.path, kind: .link(target: link.target), reason: reason))
    }
  }

  private mutating func file(_ path: String, reason: String) {
    add(CommandGrant(path: path, kind: .file, reason: reason))
  }

  mutating func directory(
    _ path: String, reason: String, for command: String
  ) throws(CommandError) {
    if SystemDirectories.shows(path) { return }
    let walk = try PathWalk.follow(path)
    guard !isShared(walk.real) else { throw .tooWide(walk.real, for: command) }
    link(walk, reason: reason)
    add(CommandGrant(path: walk.real, kind: .directory, reason: reason))
  }

  private mutating func add(_ grant: CommandGrant) {
    if SystemDirectories.shows(grant.path) { return }
    if grants.contains(where: { Path.same($0.path, grant.path) && $0.kind == grant.kind }) {
      return
    }
    grants.append(grant)
  }

  /// Directories that hold more than one program's things: never shown whole.
  private func isShared(_ path: String) -> Bool {
    let home = request.home
    let shared = [
      "", ".local", ".local/bin", ".local/lib", ".local/share", ".cache", ".config", "bin",
    ]
    if shared.contains(where: { Path.same(path, Path.normalized(Path.join(home, $0))) }) {
      return true
    }
    return Path.isWithin(home, path) || Path.components(path).count < 2
  }

  /// Directories before what lies in them; what a shown directory holds is not listed again.
  var ordered: [CommandGrant] {
    let directories = grants.filter { $0.kind == .directory }.map(\.path)
    return
      grants.filter { grant in
        !directories.contains { directory in
          Path.isWithin(grant.path, directory)
            && !(grant.kind == .directory && Path.same(grant.path, directory))
        }
      }
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
