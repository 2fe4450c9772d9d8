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
    let confinement = SelfConfinement(
      of: "supervisor",
      keeping: capabilities,
      limits: [
        .init("core", clinux_rlimit_core, 0), .init("processes", clinux_rlimit_nproc, 0),
      ],
      paths: paths, scopes: .abstractSockets, landlock: landlock)
    try confinement.enter { () throws(SystemError) in try FilterProgram.supervisor.install() }
  }

  /// The host's messages are the relay's: nobody else could read them, or answer. What else the host
  /// left open stays so: there are hosts that know a program's end by such a descriptor's.
  private static func letGoOfHost() throws(SystemError) {
    // Nobody is at its other end: nothing comes, and nothing goes anywhere.
    let nothing = try SocketPair()
    try nothing.ours.withRaw { (raw) throws(SystemError) in
      for standard in Int32(0)...1 {
        try check("dup2", "descriptor \(standard)") { dup2(raw, standard) }
      }
    }
  }
}
