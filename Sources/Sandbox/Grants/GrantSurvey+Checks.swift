import Glibc
import Kernel

/// What is refused, whatever else the profile says.
extension GrantSurvey {
  /// The sandbox's own places are never granted, by their name or by a link to them; single
  /// directories in `/tmp` can be.
  func checkPlace(_ candidate: Candidate) throws(GrantError) {
    let tops = ["/tmp", "/var/tmp"]
    let whole = ["/proc", "/dev", "/sys", "/run", "/var/run", SandboxRequest.home]
    for path in [candidate.path, candidate.object.path] {
      if tops.contains(where: { Path.same($0, path) }) || Self.isBelow(path, whole) {
        throw .ownedBySandbox(candidate.path)
      }
    }
  }

  /// The whole disk, and homes, are granted only where that was accepted by name.
  func checkTolerance(_ candidate: Candidate) throws(GrantError) {
    if Path.same(candidate.object.path, "/") {
      guard tolerance.root else { throw .root(candidate.path) }
      // A whole disk is not looked through at every launch.
      guard tolerance.channels else { throw .unread(candidate.path, ["/"], count: 1) }
      return
    }
    guard let home = home(in: candidate) else { return }
    guard tolerance.homes || tolerance.root else {
      throw .home(candidate.path, account: home.account)
    }
  }

  func isTolerated(_ candidate: Candidate) -> Bool {
    Path.same(candidate.object.path, "/") || home(in: candidate) != nil
  }

  func home(in candidate: Candidate) -> (account: String, object: DiskObject)? {
    homes.first { home in
      home.object.isSame(as: candidate.object)
        || home.object.location.isWithin(candidate.object.location)
    }
  }

  /// One thing under two names must not be read-only by one of them and writable by the other.
  func checkConflicts(_ candidates: [Candidate]) throws(GrantError) {
    for (index, first) in candidates.enumerated() {
      for second in candidates[(index + 1)...]
      where first.writable != second.writable && first.object.isSame(as: second.object) {
        throw .conflict(first.path, second.path)
      }
    }
  }

  /// Decides everything about one grant.
  func complete(
    _ candidate: inout Candidate, beside all: [Candidate], _ sockets: [Grant]
  ) throws(GrantError) {
    try checkReserved(&candidate)
    if candidate.writable { try checkPrograms(candidate, beside: all) }
    if candidate.isDirectory {
      try lookThrough(&candidate, beside: all, sockets)
    } else {
      try checkNames(of: candidate)
    }
    guard candidate.covers.count <= Self.mostCovers else {
      throw .tooManyToProtect(candidate.path, count: candidate.covers.count)
    }
  }

  /// Cordon's own directories, and the kernel's file systems, wherever they are mounted.
  private func checkReserved(_ candidate: inout Candidate) throws(GrantError) {
    let object = candidate.object
    for own in reserved where object.location.isWithin(own.location) {
      throw .reserved(candidate.path, own: own.path)
    }
    for own in reserved {
      guard let below = own.location.components(below: object.location) else { continue }
      guard candidate.isTolerated else { throw .reserved(candidate.path, own: own.path) }
      try hideOwn(below, in: &candidate)
    }
    for mount in mounts.below(object.path) where candidate.isDirectory {
      let root = DiskLocation(device: mount.device, path: mount.root)
      let own = reserved.first { $0.location.overlaps(root) }
      let isKernels = Self.kernelTypes.contains { Path.same($0, mount.type) }
      guard isKernels || own != nil else { continue }
      guard candidate.isTolerated else {
        if let own { throw .reserved(candidate.path, own: own.path) }
        throw .kernelFileSystem(candidate.path, at: mount.point, type: mount.type)
      }
      cover(
        Array(Path.components(mount.point).dropFirst(object.depth)), .hidden, in: &candidate)
    }
  }

  /// File systems that show or change the machine instead of holding files.
  private static let kernelTypes = [
    "autofs", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts",
    "devtmpfs", "efivarfs", "fusectl", "mqueue", "nsfs", "proc", "pstore", "securityfs",
    "selinuxfs", "smackfs", "sysfs", "tracefs",
  ]

  /// Hides a directory of Cordon's own; where it is missing it cannot be made.
  private func hideOwn(_ below: [String], in candidate: inout Candidate) throws(GrantError) {
    var path = candidate.object.path
    for (index, name) in below.enumerated() {
      let parent = path
      path = Path.join(path, name)
      if Files.exists(path) { continue }
      guard candidate.writable else { return }
      guard let placeholder = try placeholder(name, in: parent) else { return }
      candidate.placeholders.append(placeholder)
      return cover(Array(below[...index]), .hidden, in: &candidate)
    }
    cover(below, .hidden, in: &candidate)
  }

  /// Nil where nothing can be made anyway: on a read-only file system, and in a directory that is
  /// somebody else's and closed to this user.
  func placeholder(_ name: String, in directory: String) throws(GrantError) -> Placeholder? {
    do throws(SystemError) {
      if try Files.isOnReadOnlyFileSystem(directory) { return nil }
      let status = try Files.status(directory)
      let isOthers = geteuid() != 0 && status.uid != geteuid()
      if isOthers, unsafe faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) != 0 { return nil }
      return Placeholder(
        directory: directory, name: name, owner: Owner(uid: status.uid, gid: status.gid))
    } catch {
      throw .unresolved(directory, error)
    }
  }

  /// A single file must be no further name of one of Cordon's own, or of a program.
  private func checkNames(of candidate: Candidate) throws(GrantError) {
    do throws(SystemError) {
      guard try wanted(for: candidate).linked.contains(candidate.object.identity) else { return }
    } catch {
      throw .unresolved(candidate.path, error)
    }
    throw .reserved(candidate.path, own: candidate.object.path)
  }

  /// No server may change what decides what runs next time. A directory inside that is granted
  /// read-only keeps what it holds.
  private func checkPrograms(
    _ candidate: Candidate, beside all: [Candidate]
  ) throws(GrantError) {
    for program in surroundings.programs {
      let object: DiskObject
      do throws(SystemError) {
        object = try DiskObject(following: program, in: mounts)
      } catch {
        throw .unresolved(program, error)
      }
      let isMounted = mounts.below(candidate.object.path).contains {
        object.location.isWithin(DiskLocation(device: $0.device, path: $0.root))
      }
      guard
        object.isSame(as: candidate.object) || isMounted
          || object.location.isWithin(candidate.object.location)
      else { continue }
      if !isMounted && isKept(object, in: candidate, by: all) { continue }
      throw .changesProgram(candidate.path, program: program)
    }
  }

  /// Whether a read-only directory lies between a writable grant and a file in it.
  private func isKept(
    _ object: DiskObject, in candidate: Candidate, by all: [Candidate]
  ) -> Bool {
    let named = all.filter { !$0.writable && $0.isDirectory }.map(\.object.path)
    let needed = surroundings.needed.filter { $0.kind == .directory }.map(\.source)
    return (named + needed).contains { directory in
      Path.isWithin(object.path, directory) && Path.isWithin(directory, candidate.object.path)
        && !Path.same(directory, candidate.object.path)
    }
  }
}

extension DiskObject {
  var depth: Int { Path.components(path).count }
}
