import CLinux
import Glibc
import Kernel

/// Keeps what runs by itself later out of a server's hands: what is there is read-only, and what is
/// missing cannot be made while the server runs.
extension GrantSurvey {
  func protect(
    _ candidate: inout Candidate, repositories: [String], beside all: [Candidate]
  ) throws(GrantError) {
    let opened = all.filter(\.writable)
    let top = candidate.object.path
    if isGitDirectory(top) {
      for name in StartupFiles.ofGitDirectories {
        try protect(name, in: top, mayStand: true, &candidate, opened)
      }
      return
    }
    for name in StartupFiles.ofProjects {
      try protect(name, in: top, mayStand: !candidate.isPart, &candidate, opened)
    }
    // Elsewhere than in a home nobody looks for these, but what is there was put there.
    for name in StartupFiles.ofHomes where name.isHiddenFile {
      try protect(name, in: top, mayStand: false, &candidate, opened)
    }
    for repository in repositories {
      for name in StartupFiles.ofProjects where !Path.same(repository, top) {
        try protect(name, in: repository, mayStand: false, &candidate, opened)
      }
      try protectHooks(of: repository, &candidate, opened)
    }
    for home in homes {
      for name in StartupFiles.ofHomes {
        try protect(name, in: home.object.path, mayStand: true, &candidate, opened)
      }
    }
  }

  private func isGitDirectory(_ path: String) -> Bool {
    ["HEAD", "objects", "refs"].allSatisfy { Files.exists(Path.join(path, $0)) }
  }

  /// - Parameters:
  ///   - directory: where the name is looked for; it need not be in the grant.
  ///   - mayStand: whether an empty directory may stand in for what is missing.
  private func protect(
    _ name: StartupFiles.Name, in directory: String, mayStand: Bool,
    _ candidate: inout Candidate, _ opened: [Candidate]
  ) throws(GrantError) {
    let whole = Path.join(directory, name.path)
    var path = directory
    for component in Path.components(name.path) {
      let parent = path
      path = Path.join(path, component)
      // Empty where the path does not lie in the grant: outside it, above it, or the grant itself,
      // which is named and meant.
      let below = components(of: path, below: candidate)
      guard let status = try status(path) else {
        guard mayStand, name.standsEmpty, !below.isEmpty else { return }
        return try keepEmpty(component, in: parent, below, &candidate)
      }
      if status.kind == .symbolicLink {
        // A link is held in its place, wherever it leads; and where it leads may be in the grant.
        try close(path, &candidate, opened, as: whole)
        if let real = try real(whole) { try close(real, &candidate, opened, as: whole) }
        return
      }
      if status.kind == .directory && !Path.same(path, whole) || below.isEmpty { continue }
      // An empty directory may be another session's placeholder, which must not go before this
      // session's end.
      if mayStand, name.standsEmpty, try isEmptyDirectory(path, status),
        let placeholder = try placeholder(component, in: parent)
      {
        candidate.placeholders.append(placeholder)
      }
      return try close(path, &candidate, opened, as: whole)
    }
  }

  /// Keeps a missing name from being made.
  private func keepEmpty(
    _ name: String, in directory: String, _ below: [String], _ candidate: inout Candidate
  ) throws(GrantError) {
    guard !tolerance.startupFiles else {
      candidate.weakened.startupFiles = true
      return
    }
    guard let placeholder = try placeholder(name, in: directory) else { return }
    candidate.placeholders.append(placeholder)
    candidate.kept.append(KeptName(path: placeholder.path, identity: nil))
    cover(below, .readOnly, in: &candidate)
  }

  /// Makes what is there read-only, unless it was granted writable by its own name.
  private func close(
    _ path: String, _ candidate: inout Candidate, _ opened: [Candidate], as name: String
  ) throws(GrantError) {
    let isOpened = opened.contains {
      Path.same($0.path, name) || Path.same($0.object.path, path)
    }
    let below = components(of: path, below: candidate)
    if isOpened || below.isEmpty { return }
    cover(below, .readOnly, in: &candidate)
    if let status = try status(path) {
      candidate.kept.append(KeptName(path: path, identity: FileIdentity(status)))
    }
  }

  /// The directory that `core.hooksPath` names, where the server could write into it.
  private func protectHooks(
    of repository: String, _ candidate: inout Candidate, _ opened: [Candidate]
  ) throws(GrantError) {
    guard let text = configuration(of: repository) else { return }
    guard let hooks = GitConfiguration.hooksPath(in: text) else { return }
    let path = Path.isAbsolute(hooks) ? hooks : Path.join(repository, hooks)
    if let real = try real(path) { try close(real, &candidate, opened, as: path) }
  }

  /// Nil where it is no plain file that this user can read: a pipe in its place would hold up the
  /// launch.
  private func configuration(of repository: String) -> [UInt8]? {
    let path = "\(repository)/.git/config"
    do throws(SystemError) {
      let descriptor = OwnedDescriptor(
        owning: try check("open", path) {
          unsafe clinux_open_beneath(
            AT_FDCWD, path, O_RDONLY | O_NONBLOCK, clinux_without_links)
        })
      guard try Files.status(descriptor, subject: path).kind == .regular else { return nil }
      return try Files.read(descriptor, limit: 1 << 20, subject: path)
    } catch {
      return nil
    }
  }

  // MARK: What is there

  /// Nil where a link leads nowhere, or nowhere that this user can go.
  private func real(_ path: String) throws(GrantError) -> String? {
    do throws(SystemError) {
      return try Files.realPath(path)
    } catch {
      if [ENOENT, ELOOP, EACCES, ENOTDIR].contains(error.errno.code) { return nil }
      throw .unresolved(path, error)
    }
  }

  private func isEmptyDirectory(
    _ path: String, _ status: FileStatus
  ) throws(GrantError) -> Bool {
    guard status.kind == .directory, !tolerance.startupFiles else { return false }
    do throws(SystemError) {
      return try Files.list(path).isEmpty
    } catch {
      if [ENOENT, EACCES].contains(error.errno.code) { return false }
      throw .unresolved(path, error)
    }
  }

  /// Nil also in a directory that is closed to this user, such as another account's home.
  private func status(_ path: String) throws(GrantError) -> FileStatus? {
    do throws(SystemError) {
      return try Files.status(path, follow: false)
    } catch {
      if [ENOENT, ENOTDIR, EACCES].contains(error.errno.code) { return nil }
      throw .unresolved(path, error)
    }
  }
}

extension StartupFiles.Name {
  fileprivate var isHiddenFile: Bool {
    path.utf8.first == UInt8(ascii: ".") && !path.utf8.contains(UInt8(ascii: "/"))
  }
}
