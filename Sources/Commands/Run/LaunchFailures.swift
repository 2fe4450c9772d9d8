import Glibc
import Kernel
import Sandbox

/// What a person is told of a launch that cannot be: one sentence and the way out.
extension CommandError {
  init(identityFailure error: IdentityError) {
    let separate = "or let it run with your own UID inside: --identity caller"
    switch error {
    case .helperMissing(let helper):
      self.init(
        .unavailable,
        "identity: \(helper) is not installed, so the server can have no UID of its own",
        hint: "apt-get install uidmap, \(separate)")
    case .noSubordinateRange(let file):
      self.init(
        .unavailable, "identity: \(file) has no range for this user",
        hint: "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER, \(separate)")
    case .overlapping(let file, let owner):
      self.init(
        .unavailable,
        "identity: the range of this user in \(file) is \(owner)'s too, so that other servers "
          + "would have the same UID",
        hint: "give this user a range of its own, \(separate)")
    case .rangeMoved(let file, let id):
      self.init(
        .unavailable,
        "identity: the server's files belong to \(id), which \(file) does not give to this user "
          + "any more",
        hint: "give the range back, as in usermod --add-subuids \(id)-\(id) --add-subgids "
          + "\(id)-\(id) USER")
    case .full(let path):
      self.init(
        .unavailable, "identity: every UID of the range belongs to a server by now (\(path))",
        hint: "cordon remove NAME gives back what a server has; or add a range, as in usermod "
          + "--add-subuids FIRST-LAST --add-subgids FIRST-LAST USER")
    case .damaged(let path, let reason):
      self.init(
        .storeFailure, "identity: \(path): \(reason)",
        hint: "put a good copy back: a UID given twice would let one server read another's files")
    case .system(let error):
      self.init(.storeFailure, "identity: \(error)")
    }
  }

  init(planFailure error: PlanError) {
    switch error {
    case .ownedBySandbox(let path):
      self.init(
        .configuration, "\(path) can't be granted: the sandbox has its own",
        hint: "grant what the server needs below it, or another place")
    case .reserved(let grant, let directory):
      self.init(
        .configuration, "\(grant) can't be granted: it would show Cordon's own \(directory)",
        hint: "grant the directories beside it one by one")
    case .conflict(let path):
      self.init(.configuration, "\(path) is granted both read-only and read-write")
    case .workingDirectoryNotGranted(let path):
      self.init(
        .configuration, "the working directory \(path) is not granted",
        hint: "--read-only \(path), or --read-write \(path)")
    }
  }

  /// A step of the sandbox failed on this machine.
  init(step: String, subject: String, errno: Errno) {
    let reason = errno.code == 0 ? "" : ": \(errno)"
    self.init(.unavailable, "\(step): \(subject)\(reason)", hint: Self.hint(step, subject, errno))
  }

  private static func hint(_ step: String, _ subject: String, _ errno: Errno) -> String? {
    switch step {
    case "clone":
      "the kernel refuses new user namespaces: see user.max_user_namespaces and, on Ubuntu, "
        + "kernel.apparmor_restrict_unprivileged_userns"
    case "identity maps":
      "newuidmap must be set-UID root, and /etc/subuid and /etc/subgid must have a range for you"
    case "cgroup", "clone into cgroup": LimitPolicy.hint
    case "limit" where errno.code == ENOMEM: "give it more in the profile: limits.memory"
    case "limit": "ask for no more than the caller's own hard limit: ulimit -H -a"
    case "id-mapped mount":
      "this file system has no id-mapped mounts: --identity caller, or a copy on another one"
    case "open-source", "open": "the path changed while the launch was prepared: try again"
    case "proc": "a container with a masked /proc allows no new one: unmask it"
    default: nil
    }
  }
}
