import Glibc
import Kernel

/// From paths to what they lead to.
extension GrantSurvey {
  /// Nil for an optional path that is not there.
  func resolve(_ named: Named) throws(GrantError) -> Candidate? {
    guard let object = try object(of: named) else { return nil }
    switch object.status.kind {
    case .directory, .regular: break
    case .socket: throw .socket(named.path)
    case .symbolicLink, .fifo, .characterDevice, .blockDevice, .unknown:
      throw .neitherFileNorDirectory(named.path)
    }
    return Candidate(path: named.path, object: object, writable: named.writable)
  }

  /// A socket of the host's. The mount is read-only, which does not stop `connect`: that asks for
  /// the right to write to the socket's file, and the mount's owner is mapped as a grant's is.
  func resolveSocket(_ named: Named) throws(GrantError) -> Grant? {
    let own = ["/proc", "/dev", "/sys", SandboxRequest.home]
    guard let object = try object(of: named) else { return nil }
    guard object.status.kind == .socket else { throw .notSocket(named.path) }
    guard ![named.path, object.path].contains(where: { Self.isBelow($0, own) }) else {
      throw .ownedBySandbox(named.path)
    }
    if let own = reserved.first(where: { object.location.isWithin($0.location) }) {
      throw .reserved(named.path, own: own.path)
    }
    return Grant(
      path: named.path, source: object.path, kind: .file,
      owner: Owner(uid: object.status.uid, gid: object.status.gid), writable: false, isNamed: true,
      identity: object.identity)
  }

  private func object(of named: Named) throws(GrantError) -> DiskObject? {
    do throws(SystemError) {
      return try DiskObject(following: named.path, in: mounts)
    } catch {
      let isMissing = [ENOENT, ENOTDIR].contains(error.errno.code)
      if isMissing && named.isOptional { return nil }
      throw .unresolved(named.path, error)
    }
  }

  static func isBelow(_ path: String, _ places: [String]) -> Bool {
    places.contains { Path.isWithin(path, $0) }
  }

  // MARK: What holds places of the sandbox's own

  /// Made anew for every server; services of the host listen on sockets in `/run`.
  static let ownPlaces = [
    "/proc", "/dev", "/sys", "/run", "/var/run", "/tmp", "/var/tmp", SandboxRequest.home,
  ]

  /// Whether places of the sandbox's own lie below a path, so that it can only be shown in parts.
  func holdsOwn(_ path: String) -> Bool {
    Self.ownPlaces.contains { Path.isWithin($0, path) && !Path.same($0, path) }
  }

  /// The grant itself or, of a directory that holds places of the sandbox's own, everything in it
  /// but those.
  func expanded(_ candidate: Candidate) throws(GrantError) -> [Candidate] {
    guard candidate.isDirectory, holdsOwn(candidate.path) else { return [candidate] }
    let names: [String]
    do throws(SystemError) {
      names = try Files.list(candidate.object.path)
    } catch {
      throw .unresolved(candidate.path, error)
    }
    var parts: [Candidate] = []
    for name in names {
      let path = Path.join(candidate.path, name)
      if Self.ownPlaces.contains(where: { Path.same($0, path) }) { continue }
      let real = Path.join(candidate.object.path, name)
      guard let object = try part(real), [.directory, .regular].contains(object.status.kind) else {
        // A link at the top leads to what is shown at its own path.
        continue
      }
      var part = Candidate(path: path, object: object, writable: candidate.writable)
      part.isTolerated = candidate.isTolerated
      part.isPart = true
      part.isOfDisk = candidate.isOfDisk
      parts += try expanded(part)
    }
    return parts
  }

  /// Nil for a link, and for what is gone or closed to this user.
  private func part(_ path: String) throws(GrantError) -> DiskObject? {
    do throws(SystemError) {
      return try DiskObject(at: path, in: mounts)
    } catch {
      if [ENOENT, ELOOP, EACCES].contains(error.errno.code) { return nil }
      throw .unresolved(path, error)
    }
  }
}
