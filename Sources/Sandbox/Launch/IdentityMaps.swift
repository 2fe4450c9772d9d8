import CLinux
import Glibc
public import Kernel

extension Identity {
  /// Writes the maps of the stage's user namespace. The stage waits at its gate meanwhile.
  ///
  /// `newuidmap` and `newgidmap` are set-UID programs: the caller must not have set
  /// no_new_privileges yet, and the stage must still be dumpable.
  public func writeMaps(of pid: Int32) throws(SystemError) {
    switch mapper {
    case .root:
      try write("uid_map", of: pid, lines(\.outsideUID))
      try write("gid_map", of: pid, lines(\.outsideGID))
    case .caller:
      try write("uid_map", of: pid, lines(\.outsideUID))
      // Without this the kernel refuses a gid_map of an unprivileged writer (CVE-2014-8989).
      try write("setgroups", of: pid, "deny")
      try write("gid_map", of: pid, lines(\.outsideGID))
    case .helpers(let newuidmap, let newgidmap):
      let forUIDs = try ChildProgram(
        starting: newuidmap, arguments: ["\(pid)"] + words(\.outsideUID))
      let forGIDs = try ChildProgram(
        starting: newgidmap, arguments: ["\(pid)"] + words(\.outsideGID))
      for (helper, name) in [(forUIDs, newuidmap), (forGIDs, newgidmap)] {
        let status = try helper.wait()
        guard status == 0 else {
          throw SystemError(
            step: "identity maps", subject: "\(name) exit \(status)", errno: Errno(EPERM))
        }
      }
    }
  }

  private func words(_ outside: KeyPath<Mapping, UInt32>) -> [String] {
    mappings.flatMap { ["\($0.inside)", "\($0[keyPath: outside])", "1"] }
  }

  private func lines(_ outside: KeyPath<Mapping, UInt32>) -> String {
    mappings.map { "\($0.inside) \($0[keyPath: outside]) 1\n" }.joined()
  }

  private func write(_ file: String, of pid: Int32, _ text: String) throws(SystemError) {
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
