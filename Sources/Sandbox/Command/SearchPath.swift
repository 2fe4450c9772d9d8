/// Finds commands by name: in PATH, and then in the places where a terminal's PATH would have led and
/// a graphical program's does not.
struct SearchPath {
  struct Match {
    let path: String
    let note: String
  }

  private let request: CommandRequest
  private let places: [(directory: String, name: String)]

  init(_ request: CommandRequest) {
    self.request = request
    var places = request.searchPath.utf8.split(separator: UInt8(ascii: ":"))
      .map { String(decoding: $0, as: UTF8.self) }
      .filter(Path.isAbsolute)
      .map { (directory: $0, name: "PATH (\($0))") }
    places.append((Path.join(request.home, ".local/bin"), "~/.local/bin, after PATH"))
    places.append((Path.join(Pyenv.root(request), "shims"), "pyenv, after PATH"))
    if let nvm = NodeVersions.selected(request) {
      places.append((Path.join(nvm.directory, "bin"), "\(nvm.note), after PATH"))
    }
    // A directory that PATH names twice is searched once.
    var seen: [String] = []
    self.places = places.filter { place in
      defer { seen.append(place.directory) }
      return !seen.containsPath(place.directory)
    }
  }

  var directories: [String] { places.map(\.directory) }

  /// The first executable of this name. A pyenv shim stands for the program of the selected version,
  /// and is passed over where no selected version has it.
  ///
  /// - Throws: `shim` for one that cannot be followed.
  func find(_ name: String) throws(CommandError) -> Match? {
    var unanswered: CommandError?
    for place in places {
      let path = Path.join(place.directory, name)
      guard Look.isExecutable(path) else { continue }
      guard let root = Pyenv.root(ofShim: path) else {
        return Match(path: path, note: "\(name): found in \(place.name)")
      }
      switch Pyenv.resolve(name, root: root, request) {
      case .program(let program, let note):
        return Match(path: program, note: "\(name): found in \(place.name), \(note)")
      case .system:
        continue
      case .missing(let versions):
        unanswered = .noVersion(name, manager: "pyenv", versions: versions)
      }
    }
    if let unanswered { throw unanswered }
    return nil
  }
}
