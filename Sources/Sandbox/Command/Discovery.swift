import Kernel

/// Collects what a program needs to be seen inside, by looking at files and running none.
struct Discovery {
  let request: CommandRequest
  let search: SearchPath
  private(set) var grants: GrantList
  private(set) var launchFiles: [LaunchFile] = []
  private(set) var searchPath: [String] = []
  private(set) var warnings: [String] = []
  var notes: [String] = []
  private var seen: [String] = []

  init(_ request: CommandRequest) {
    self.request = request
    search = SearchPath(request)
    grants = GrantList(home: request.home)
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
    guard Look.isExecutable(walk.real) else { throw .notExecutable(path) }
    if let manager = Shim.manager(of: path, real: walk.real) {
      throw .shim(path, manager: manager)
    }
    grants.links(walk, reason: reason)
    launch(role, walk.real)
    for hop in walk.hops { try showInstallation(around: hop, for: path, depth: depth) }
    grants.file(walk.real, reason: reason)
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
    launch(.entry, try PathWalk.follow(path).real)
  }

  private mutating func launch(_ role: LaunchFile.Role, _ path: String) {
    if launchFiles.contains(where: { Path.same($0.path, path) }) { return }
    launchFiles.append(LaunchFile(role: role, path: path))
  }

  // MARK: - What a program is part of

  private mutating func showInstallation(
    around hop: String, for path: String, depth: Int
  ) throws(CommandError) {
    switch try Installation.around(hop) {
    case .virtualEnvironment(let prefix, let base):
      try grants.directory(prefix, reason: "virtual environment", for: path)
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
      if grants.isShared(prefix) {
        try grants.directory(library, reason: "Python's library", for: path)
      } else {
        try grants.directory(prefix, reason: "Python installation", for: path)
      }
    case .nodePackages(let packages):
      try grants.directory(packages, reason: "Node.js packages", for: path)
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
    let reason = "interpreter of \(script)"
    try show(shebang.interpreter, as: .interpreter, reason: reason, depth: depth + 1)
    let name: String?
    do throws(Shebang.UnknownForm) {
      name = try shebang.programForEnv()
    } catch {
      throw .interpreter("\(shebang.interpreter) \(shebang.argument ?? "")", script: script)
    }
    guard let name else { return }
    guard !FetchingTool.isOne(name) else {
      throw .unsupported("the #! line of \(script)", tool: Path.name(name))
    }
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
    // A program may call anything its library, and be loaded by nothing that looks: only what is
    // one is shown.
    guard try Self.isLibrary(walk.real) else {
      return warn("\(program) names \(path) as its library, which is none: it is not shown")
    }
    grants.links(walk, reason: "library of \(program)")
    grants.file(walk.real, reason: "library of \(program)")
    try showLibraries(of: walk.real)
  }

  private static func isLibrary(_ path: String) throws(CommandError) -> Bool {
    do throws(SystemError) {
      return try DynamicObject.isNative(try FileStart(path).bytes(0, 20))
    } catch {
      throw .unreadable(error)
    }
  }

  private static func expand(_ path: String, origin: String) -> String {
    var text = path
    for name in ["${ORIGIN}", "$ORIGIN"] {
      while let range = text.firstRange(of: name) { text.replaceSubrange(range, with: origin) }
    }
    return Path.normalized(text)
  }
}
