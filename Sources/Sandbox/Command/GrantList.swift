import Kernel

/// The grants of one command, as they are collected.
struct GrantList {
  private var grants: [CommandGrant] = []
  private let home: String

  init(home: String) {
    self.home = home
  }

  mutating func links(_ walk: PathWalk, reason: String) {
    for link in walk.links {
      add(CommandGrant(path: link.path, kind: .link(target: link.target), reason: reason))
    }
  }

  mutating func file(_ path: String, reason: String) {
    add(CommandGrant(path: path, kind: .file, reason: reason))
  }

  /// - Throws: `tooWide` for a directory that holds more than one program's things.
  mutating func directory(
    _ path: String, reason: String, for command: String
  ) throws(CommandError) {
    if SystemDirectories.shows(path) { return }
    let walk = try PathWalk.follow(path)
    guard !isShared(walk.real) else { throw .tooWide(walk.real, for: command) }
    links(walk, reason: reason)
    add(CommandGrant(path: walk.real, kind: .directory, reason: reason))
  }

  private mutating func add(_ grant: CommandGrant) {
    if SystemDirectories.shows(grant.path) { return }
    if grants.contains(where: { Path.same($0.path, grant.path) && $0.kind == grant.kind }) {
      return
    }
    grants.append(grant)
  }

  /// Whether a directory is never shown whole: the home directory, what is above it, the places in it
  /// that many programs share, and the machine's top directories.
  func isShared(_ path: String) -> Bool {
    let shared = [
      ".local", ".local/bin", ".local/lib", ".local/share", ".local/state", ".cache", ".config",
      ".npm", "bin",
    ]
    return Path.isWithin(home, path) || Path.components(path).count < 2
      || shared.contains { Path.same(path, Path.normalized(Path.join(home, $0))) }
  }

  /// Whether a directory that is shown whole holds this path.
  func covers(_ path: String) -> Bool {
    SystemDirectories.shows(path)
      || grants.contains { $0.kind == .directory && Path.isWithin(path, $0.path) }
  }

  /// Directories before what lies in them; what a shown directory holds is not listed again.
  var ordered: [CommandGrant] {
    let directories = grants.filter { $0.kind == .directory }.map(\.path)
    return
      grants.filter { grant in
        !directories.contains { directory in
          let isItself = grant.kind == .directory && Path.same(grant.path, directory)
          return Path.isWithin(grant.path, directory) && !isItself
        }
      }
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
