import CLinux
import Glibc
import Kernel

extension Trial {
  /// A user namespace, and each other kind inside a new one: `user-namespace`, then `namespaces`
  /// for the first of the others that fails.
  public static func namespaces() -> [Trial] {
    let user = Trial.of("user-namespace") { () throws(SystemError) in
      try make(["user"], mapping: true)
    }
    guard user.failure == nil else { return [user] }
    return [
      user,
      .of("namespaces") { () throws(SystemError) in
        for kind in ["mnt", "pid", "net", "ipc", "uts", "cgroup"] {
          try make(["user", kind], mapping: false)
        }
      },
    ]
  }

  /// A process in these namespaces, and its end.
  private static func make(_ kinds: [String], mapping: Bool) throws(SystemError) {
    let flags = kinds.reduce(UInt64(0)) { unsafe $0 | clinux_namespace_flag($1) }
    let gate = try Pipe()
    var raw: Int32 = -1
    let pid = try gate.reading.withRaw { (gate) throws(SystemError) in
      try check("clone", kinds.joined(separator: "+")) {
        unsafe clinux_namespace_holder(flags, gate, &raw)
      }
    }
    let process = OwnedDescriptor(owning: raw)
    let written = Result { () throws(SystemError) in
      if mapping {
        let identity = Identity.caller(uid: geteuid(), gid: getegid())
        try IdentityMaps(startingFor: pid, identity).finish()
      }
    }
    _ = process.withRaw { clinux_pidfd_signal($0, SIGKILL) }
    _ = try ChildEnd(waitingFor: pid, "namespace")
    try written.get()
  }
}
