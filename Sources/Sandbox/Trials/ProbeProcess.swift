import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// Tries one layer after another inside the namespaces of a sandbox, and tells of each. What a plan
/// would stop at is only the first of what a machine may lack.
///
/// Started with the control socket as 3, as UID 0 or as the mapped caller with the namespace's
/// capabilities. It ends after the last trial, and everything that it made with it.
public enum ProbeProcess {
  private static let control: Int32 = 3

  public static func run() -> Int32 {
    for trial in trials() { StageProcess.write(trial.frame(), to: control) }
    return 0
  }

  private static func trials() -> [Trial] {
    [
      // These two while the old root is there: what covers parts of its /proc forbids a new one.
      .of("proc") { () throws(SystemError) in
        _ = try newFileSystem("proc", ["subset", "pid", "hidepid", "ptraceable"])
      },
      .of("settings") { () throws(SystemError) in
        let path = "/proc/sys/user/max_user_namespaces"
        do throws(SystemError) {
          try Files.write([UInt8(ascii: "0")], to: Files.open(path, flags: O_WRONLY), subject: path)
        } catch {
          throw SystemError(step: "forbid-user-namespaces", subject: path, errno: error.errno)
        }
      },
      .of("mounts") { () throws(SystemError) in try mounts() },
      .of("network") { () throws(SystemError) in
        try check("loopback", "lo") { clinux_loopback_up() }
      },
    ] + connections + [
      .of("host-name") { () throws(SystemError) in
        try check("host-name", "cordon") { unsafe clinux_sethostname("cordon") }
      },
      .of("keyring") { () throws(SystemError) in
        try check("session", "keyring") { clinux_join_session_keyring() }
      },
      .of("capabilities") { () throws(SystemError) in
        try Privileges.dropBoundingSet()
        try Privileges.lockSecureBits()
        try Privileges.dropCapabilities()
      },
      // Last, because all that follows runs under it.
      .of("filter") { () throws(SystemError) in try filter() },
    ]
  }

  /// What a server's connections need that are granted. Without the last a rule for every port of a
  /// host cannot be kept, and connections to other ports are refused unseen.
  private static var connections: [Trial] {
    [
      connection("egress", "addresses and sockets") { () throws(SystemError) in
        try LocalRoutes.v4.add(through: NetlinkSocket(.route))
        for socket in EgressLayout([]).sockets where socket.purpose == .datagramNames {
          _ = try InternetSocket.open(socket)
        }
      },
      connection("egress-ipv6", "IPv6") { () throws(SystemError) in
        try LocalRoutes.v6.add(through: NetlinkSocket(.route))
      },
      connection("egress-redirection", "nf_tables") { () throws(SystemError) in
        let redirections = [PacketTables.Family.v4, .v6].map {
          Redirection(family: $0, port: 1, taken: [], isBounded: true)
        }
        try NetlinkSocket(.netfilter).carryOut(Redirection.messages(redirections), "nf_tables")
      },
    ]
  }

  /// A failure is the step's of a plan, whose hints it gets.
  private static func connection(
    _ layer: String, _ subject: String, _ body: () throws(SystemError) -> Void
  ) -> Trial {
    .of(layer) { () throws(SystemError) in
      do throws(SystemError) {
        try body()
      } catch {
        throw SystemError(step: "egress", subject: subject, errno: error.errno)
      }
    }
  }

  private static func mounts() throws(SystemError) {
    try check("private-mounts", "/") { clinux_mount_private_root() }
    let mount = try newFileSystem("tmpfs", ["size", "65536", "mode", "0755"])
    _ = try mount.withRaw { (raw) throws(SystemError) in
      try check("move_mount", "/tmp") { unsafe clinux_move_mount(raw, AT_FDCWD, "/tmp") }
    }
    let source = try SourceMount.open(Source(path: "/usr"))
    close(source)
    let root = try Files.open("/tmp", flags: clinux_o_path | O_DIRECTORY)
    _ = try root.withRaw { (raw) throws(SystemError) in try check("fchdir", "/tmp") { fchdir(raw) }
    }
    try check("pivot-root", "/") { clinux_pivot_root_here() }
  }

  private static func newFileSystem(
    _ type: String, _ options: [String]
  ) throws(SystemError) -> OwnedDescriptor {
    let raw = try unsafe withCStrings(options) { (pointers) throws(SystemError) in
      try check("mount", type) {
        unsafe clinux_new_file_system(
          type, pointers, options.count, UInt32(CLINUX_MOUNT_NO_SUID | CLINUX_MOUNT_NO_DEVICES))
      }
    }
    return OwnedDescriptor(owning: raw)
  }

  private static func filter() throws(SystemError) {
    try check("prctl", "PR_SET_NO_NEW_PRIVS") { clinux_no_new_privileges() }
    try FilterProgram.server.install()
    guard clinux_unshare(clinux_user_namespace) == -1, Errno.current.code == EPERM else {
      throw SystemError(step: "seccomp", subject: "a refused call succeeds", errno: Errno(0))
    }
  }
}

extension Trial {
  static let longestFrame = 16 << 10

  func frame() -> [UInt8] {
    var writer = FrameWriter(type: 1)
    writer.append(layer)
    writer.append(failure != nil)
    writer.append(failure?.step ?? "")
    writer.append(failure?.subject ?? "")
    writer.append(Int(failure?.errno.code ?? 0))
    return writer.finished()
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    guard fields.type == 1 else { throw .invalid("type \(fields.type)") }
    layer = try fields.text()
    let hasFailed = try fields.boolean()
    let error = SystemError(
      step: try fields.text(), subject: try fields.text(),
      errno: Errno(Int32(truncatingIfNeeded: try fields.signed())))
    failure = hasFailed ? error : nil
    try fields.end()
  }
}
