import Glibc

/// The view of the disk: mounts, their sources and what they are mounted on.
extension Hint {
  private static let denied = [EPERM, EACCES]
  /// Steps of a plan, and calls of the supervisor's own.
  private static let mounting = [
    "private-mounts", "open-source", "new-root", "bind", "tmpfs", "proc", "read-only", "pivot-root",
    "mount", "open_tree", "mount_setattr", "move_mount",
  ]
  private static let opening = ["open-source", "open"]

  static let mounts: [Rule] = [
    Rule(opening, [ENOENT, ENODEV], where: { failure, _ in failure.device != nil }) {
      failure, _ in
      let device = failure.device ?? ""
      return "that must be the memory device of this name: "
        + "mknod -m 666 /dev/\(device) c 1 \(Self.minor[device] ?? 0), as root"
    },
    Rule(["id-mapped mount"], [EPERM], where: { $1.isRoot && !$1.has(.systemAdministration) }) {
      root([.systemAdministration], $1)
    },
    Rule(["id-mapped mount"], [EINVAL, EOPNOTSUPP, EPERM]) { failure, _ in
      "the file system of \(failure.subject) cannot show its files as another user's: "
        + "grant a copy on ext4, xfs, btrfs or tmpfs, \(callerInstead)"
    },
    Rule(mounting + ["id-mapped mount"] + opening, [ENOSYS], where: { $1.isFiltered }) {
      container($1)
    },
    Rule(mounting + ["id-mapped mount"] + opening, [ENOSYS]) { kernel($1) },
    Rule(mounting, denied, where: { $1.isRoot && !$1.has(.systemAdministration) }) {
      root([.systemAdministration], $1)
    },
    Rule(
      mounting, denied, where: { $1.isRestrictedByAppArmor && !$1.isRoot && !$0.isProcesses }
    ) { appArmor($1) },
    Rule(["proc", "mount"], [EPERM], where: { failure, _ in failure.isProcesses }) { _, _ in
      "parts of /proc are covered here, as containers do, and then the kernel allows no new one: "
        + "start the container with --security-opt systempaths=unconfined (Docker) or "
        + "--security-opt unmask=ALL (Podman)"
    },
    Rule(["proc", "mount"], [EINVAL], where: { failure, _ in failure.isProcesses }) { kernel($1) },
    Rule(["new-root"], [ENOENT, ENOTDIR]) { _, _ in
      "the new root is built over /tmp, which must be a directory: mkdir -m 1777 /tmp"
    },
    Rule(mounting, denied, where: { $1.isConfined }) { container($1) },
    Rule(["private-mounts", "new-root", "tmpfs", "mount"], denied) { _, _ in
      "mounts in a namespace of its own are refused here: a security module's doing"
    },
    Rule(mounting, [ENOSPC]) { _, _ in "too many mounts: sysctl fs.mount-max" },
    Rule(opening, [EACCES]) { _, _ in
      "this user can't reach that path: a directory above it lets only others pass"
    },
    Rule(opening, [ENOENT, ELOOP, ENOTDIR, EXDEV]) { _, _ in
      "the path changed while the launch was prepared: try again"
    },
  ]

  fileprivate static let minor = ["null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9]
}

extension Hint.Failure {
  /// The memory device that the subject names, if any.
  fileprivate var device: String? {
    SystemView.devices.first {
      subject.split(separator: " ").first?.utf8
        .elementsEqual("/dev/\($0)".utf8) ?? false
    }
  }

  /// A `proc` file system, as the step of a plan or as its own call says it.
  fileprivate var isProcesses: Bool {
    step.utf8.elementsEqual("proc".utf8) || subject.utf8.elementsEqual("proc".utf8)
  }
}
