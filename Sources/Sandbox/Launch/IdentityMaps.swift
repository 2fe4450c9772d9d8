import CLinux
import Glibc
public import Kernel

/// The maps of the stage's user namespace, which the supervisor writes: in force once `finish` has
/// returned. The stage waits for its plan meanwhile.
public struct IdentityMaps: Sendable {
  /// The set-UID programs that write them, with their paths.
  private let helpers: [(program: ChildProgram, path: String)]

  /// Writes the maps, or starts the helpers that do.
  ///
  /// `newuidmap` and `newgidmap` are set-UID programs: the caller must not have set
  /// no_new_privileges yet, and the stage must still be dumpable.
  public init(startingFor pid: Int32, _ identity: Identity) throws(SystemError) {
    let mappings = identity.mappings
    switch identity.mapper {
    case .root:
      try Self.write("uid_map", of: pid, Self.lines(mappings.map { ($0.inside, $0.outsideUID) }))
      try Self.write("gid_map", of: pid, Self.lines(mappings.map { ($0.inside, $0.outsideGID) }))
      helpers = []
    case .caller:
      try Self.write("uid_map", of: pid, Self.lines(mappings.map { ($0.inside, $0.outsideUID) }))
      // Without this the kernel refuses a gid_map of an unprivileged writer (CVE-2014-8989).
      try Self.write("setgroups", of: pid, "deny")
      try Self.write("gid_map", of: pid, Self.lines(mappings.map { ($0.inside, $0.outsideGID) }))
      helpers = []
    case .helpers(let newuidmap, let newgidmap):
      let uids = mappings.flatMap { ["\($0.inside)", "\($0.outsideUID)", "1"] }
      let gids = mappings.flatMap { ["\($0.inside)", "\($0.outsideGID)", "1"] }
      helpers = [
        (try ChildProgram(starting: newuidmap, arguments: ["\(pid)"] + uids), newuidmap),
        (try ChildProgram(starting: newgidmap, arguments: ["\(pid)"] + gids), newgidmap),
      ]
    }
  }

  /// Waits until the maps are in force.
  public func finish() throws(SystemError) {
    for helper in helpers {
      let status = try helper.program.wait()
      guard status == 0 else {
        throw SystemError(
          step: "identity maps", subject: "\(helper.path) exit \(status)", errno: Errno(EPERM))
      }
    }
  }

  private static func lines(_ pairs: [(inside: UInt32, outside: UInt32)]) -> String {
    pairs.map { "\($0.inside) \($0.outside) 1\n" }.joined()
  }

  private static func write(_ file: String, of pid: Int32, _ text: String) throws(SystemError) {
    let path = "/proc/\(pid)/\(file)"
    let descriptor = try Files.open(path, flags: O_WRONLY)
    try Files.write(Array(text.utf8), to: descriptor, subject: path)
  }
}

/// A user namespace that maps one owner of files to the server, for id-mapped mounts.
struct OwnerNamespace: ~Copyable {
  let descriptor: OwnedDescriptor
  /// The process that made it, which has ended or is about to: the caller reaps it, and waits for
  /// that no longer than it must, since the end of a namespace's process can take milliseconds.
  let holder: Int32

  /// - Parameters:
  ///   - owner: whose files, as the disk has it.
  ///   - server: whose they appear as.
  init(mapping owner: Owner, to server: Owner) throws(SystemError) {
    let gate = try Pipe()
    var raw: Int32 = -1
    let pid = try gate.reading.withRaw { (gate) throws(SystemError) in
      try check("clone", "namespace for an id-mapped mount") {
        unsafe clinux_namespace_holder(clinux_user_namespace, gate, &raw)
      }
    }
    let process = OwnedDescriptor(owning: raw)
    defer {
      // The descriptor keeps the namespace alive; the process has done its part.
      _ = process.withRaw { clinux_pidfd_signal($0, SIGKILL) }
    }
    for (file, inside, outside) in [
      ("uid_map", owner.uid, server.uid), ("gid_map", owner.gid, server.gid),
    ] {
      let path = "/proc/\(pid)/\(file)"
      let map = try Files.open(path, flags: O_WRONLY)
      try Files.write(Array("\(inside) \(outside) 1\n".utf8), to: map, subject: path)
    }
    let namespace = try Files.open("/proc/\(pid)/ns/user", flags: O_RDONLY)
    descriptor = namespace
    holder = pid
  }
}
