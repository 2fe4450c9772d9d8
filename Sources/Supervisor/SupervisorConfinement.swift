import CLinux
import Confinement
import Glibc
import Kernel
import Sandbox
import SystemCallFilter

/// What the supervisor gives up once both parts run: it starts no program any more, opens no file
/// outside the stores that it keeps, and speaks to nobody but its two children and the log.
enum SupervisorConfinement {
  /// The approvals are read, and put in their place whole, under a lock.
  static let store: PathRights = [
    .readFile, .readDirectory, .writeFile, .truncate, .makeFile, .removeFile,
  ]
  /// Where something is only cleared away.
  static let leftover: PathRights = [.readDirectory, .removeFile]

  /// Its own cgroups: counters are read, the group is killed, and removed from the one above it.
  static func paths(of groups: ControlGroups?) -> [PathRule] {
    (groups?.plan.groups ?? []).flatMap { group in
      [
        PathRule(group.path, [.readFile, .writeFile]),
        PathRule(Files.parent(of: group.path), .removeDirectory),
      ]
    }
  }

  /// As root both parts have UIDs of their own, and have to be killed at the latest. Whom the signals
  /// reach is the filter's business: those whose descriptors are here.
  ///
  /// The kernel's own top directory of a cgroup hierarchy is read-only also for its owner: where a
  /// group stands right below it, removing it takes one more capability. Which files that reaches is
  /// Landlock's business.
  static func capabilities(for groups: ControlGroups?) throws(SystemError)
    -> [Privileges.Capability]
  {
    for group in groups?.plan.groups ?? [] {
      let above = try Files.status(Files.parent(of: group.path))
      if above.mode & 0o200 == 0 { return [.kill, .overrideAccess] }
    }
    return [.kill]
  }

  /// - Parameters:
  ///   - capabilities: kept where the process has them; an ordinary user has none.
  ///   - paths: what stays within reach.
  ///   - landlock: nil only where that was accepted by name.
  /// - Throws: the step that failed, or had no effect.
  static func enter(
    keeping capabilities: [Privileges.Capability], reaching paths: [PathRule],
    landlock: Landlock?
  ) throws(SystemError) {
    try letGoOfHost()
    try closeInherited()
    let confinement = SelfConfinement(
      of: "supervisor",
      keeping: capabilities,
      limits: [
        .init("core", clinux_rlimit_core, 0), .init("processes", clinux_rlimit_nproc, 0),
      ],
      paths: paths, scopes: .abstractSockets, landlock: landlock)
    try confinement.enter { () throws(SystemError) in try FilterProgram.supervisor.install() }
  }

  /// The host's messages are the relay's: nobody else could read them, or answer.
  private static func letGoOfHost() throws(SystemError) {
    let nothing = try Files.open("/dev/null", flags: O_RDWR)
    try nothing.withRaw { (raw) throws(SystemError) in
      for standard in Int32(0)...1 {
        try check("dup2", "descriptor \(standard)") { dup2(raw, standard) }
      }
    }
  }

  /// What the host left open: every descriptor of ours is close-on-exec from birth, and nothing
  /// that came over an exec can be.
  private static func closeInherited() throws(SystemError) {
    for number in try Files.list("/proc/self/fd").compactMap({ Int32($0) }) where number > 2 {
      let flags = clinux_fcntl_int(number, F_GETFD, 0)
      if flags >= 0 && flags & FD_CLOEXEC == 0 { close(number) }
    }
  }
}
