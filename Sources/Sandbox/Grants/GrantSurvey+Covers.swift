import Glibc
import Kernel

/// What is covered inside a grant.
extension GrantSurvey {
  /// One look through a granted directory, and what follows from it.
  func lookThrough(
    _ candidate: inout Candidate, beside all: [Candidate], _ sockets: [Grant]
  ) throws(GrantError) {
    let found = candidate.isOfDisk ? TreeScan.Found() : try scan(candidate, beside: all)
    try checkScan(found, of: &candidate, sockets)
    for channel in found.channels where !Self.isNamed(channel, sockets) {
      cover(components(of: channel, below: candidate), .hidden, in: &candidate)
    }
    if candidate.writable {
      keepReadOnlyGrants(in: &candidate, beside: all)
      try protect(&candidate, repositories: found.repositories, beside: all)
    }
  }

  private func scan(
    _ candidate: Candidate, beside all: [Candidate]
  ) throws(GrantError) -> TreeScan.Found {
    let object = candidate.object
    let inner = all.map(\.object.path).filter {
      Path.isWithin($0, object.path) && !Path.same($0, object.path)
    }
    let hidden = candidate.covers.hidden.map { below in
      below.reduce(object.path) { Path.join($0, $1) }
    }
    do throws(SystemError) {
      return try TreeScan.run(
        object.path, wanted: try wanted(for: candidate), skipping: inner + hidden)
    } catch {
      throw .unresolved(candidate.path, error)
    }
  }

  private static func isNamed(_ path: String, _ sockets: [Grant]) -> Bool {
    sockets.contains { Path.same($0.source, path) }
  }

  private func checkScan(
    _ found: TreeScan.Found, of candidate: inout Candidate, _ sockets: [Grant]
  ) throws(GrantError) {
    if let linked = found.linked.first { throw .reserved(candidate.path, own: linked) }
    let channels = found.channels.filter { !Self.isNamed($0, sockets) }
    if tolerance.channels {
      candidate.weakened.channels = !channels.isEmpty || !found.unread.isEmpty || found.isCut
      return
    }
    guard channels.isEmpty else {
      throw .channels(candidate.path, Array(channels.prefix(5)), count: channels.count)
    }
    guard found.unread.isEmpty else {
      throw .unread(candidate.path, Array(found.unread.prefix(5)), count: found.unread.count)
    }
    guard !found.isCut else { throw .tooLarge(candidate.path, entries: TreeScan.mostEntries) }
  }

  /// Files that must not have a name inside: those of Cordon's configuration and stores, and where
  /// the server could write, those that decide what runs. Only what has a second name counts.
  func wanted(for candidate: Candidate) throws(SystemError) -> TreeScan.Wanted {
    var wanted = TreeScan.Wanted()
    for own in surroundings.reserved { try addLinked(below: own, depth: 0, to: &wanted) }
    guard candidate.writable else { return wanted }
    for program in surroundings.programs {
      let status = try Files.status(program)
      if status.links > 1 { wanted.linked.insert(FileIdentity(status)) }
    }
    return wanted
  }

  /// Cordon's own files lie at most three deep; the servers' homes are not Cordon's.
  private func addLinked(
    below directory: String, depth: Int, to wanted: inout TreeScan.Wanted
  ) throws(SystemError) {
    let names: [String]
    do throws(SystemError) {
      names = try Files.list(directory)
    } catch  where [ENOENT, ENOTDIR, EACCES].contains(error.errno.code) {
      return
    }
    for name in names where !(depth == 0 && Path.same(name, "homes")) {
      let path = Path.join(directory, name)
      let status: FileStatus
      do throws(SystemError) {
        status = try Files.status(path, follow: false)
      } catch  where error.errno.code == ENOENT {
        continue
      }
      switch status.kind {
      case .directory where depth < 2: try addLinked(below: path, depth: depth + 1, to: &wanted)
      case .regular where status.links > 1: wanted.linked.insert(FileIdentity(status))
      default: break
      }
    }
  }

  /// A directory granted read-only stays so under every name that a writable grant has for it.
  private func keepReadOnlyGrants(in candidate: inout Candidate, beside all: [Candidate]) {
    for other in all where !other.writable {
      guard let below = other.object.location.components(below: candidate.object.location),
        !below.isEmpty
      else { continue }
      cover(below, .readOnly, in: &candidate)
    }
    for needed in surroundings.needed {
      cover(components(of: needed.source, below: candidate), .readOnly, in: &candidate)
    }
  }

  // MARK: Paths inside a grant

  /// The names from a grant down to a path of the machine; empty where it is not below it.
  func components(of path: String, below candidate: Candidate) -> [String] {
    // Both are absolute and normal, and some hundred are compared at a launch.
    let outer = candidate.object.path.utf8
    guard path.utf8.count > outer.count, path.utf8.starts(with: outer) else { return [] }
    let rest = path.utf8.dropFirst(outer.count)
    guard rest.first == UInt8(ascii: "/") || outer.count == 1 else { return [] }
    return Path.components(String(Substring(rest)))
  }

  /// Covers a path and, where a name in it must keep its meaning, holds the directories above it in
  /// their places.
  func cover(_ below: [String], _ kind: Cover.Kind, in candidate: inout Candidate) {
    candidate.covers.add(below, kind, holdsAbove: candidate.writable)
  }
}
