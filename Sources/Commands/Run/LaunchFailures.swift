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
        hint: "\(Self.moreIDs()), \(separate)")
    case .overlapping(let file, let owner):
      self.init(
        .unavailable,
        "identity: the range of this user in \(file) is \(owner)'s too, so that other servers "
          + "would have the same UID",
        hint: "give this user a range of its own: \(Self.moreIDs()), \(separate)")
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
        hint: "cordon remove NAME gives back what a server has; or more IDs: \(Self.moreIDs())")
    case .damaged(let path, let reason):
      self.init(
        .storeFailure, "identity: \(path): \(reason)",
        hint: "put a good copy back: a UID given twice would let one server read another's files")
    case .system(let error):
      self.init(keeping: "identity", error)
    }
  }

  /// Ready to paste: the shell puts the user's name in.
  private static func moreIDs() -> String {
    let free = Sandbox.Identity.freeSubordinateRange()
    let range = "\(free.lowerBound)-\(free.upperBound)"
    return "sudo usermod --add-subuids \(range) --add-subgids \(range) $(id -un)"
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
    self.init(
      .unavailable, "\(step): \(subject)\(reason)",
      hint: Hint.of(step: step, subject: subject, errno: errno, on: .here))
  }

  /// What Cordon keeps could not be read or written.
  init(keeping what: String, _ error: SystemError) {
    self.init(
      .storeFailure, "\(what): \(error)",
      hint: Hint.of(
        step: error.step, subject: error.subject, errno: error.errno, on: .here))
  }
}
