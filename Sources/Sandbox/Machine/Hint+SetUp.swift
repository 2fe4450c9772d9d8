import Glibc
import Profile

/// What is left of the stage's own steps, the server's, and what any step may run into.
extension Hint {
  private static let denied = [EPERM, EACCES]

  static let setUp: [Rule] = [
    Rule(["forbid-user-namespaces"], denied + [EROFS, ENOENT]) { _, _ in
      "/proc/sys can't be written here, as in containers: start the container with "
        + "--security-opt systempaths=unconfined (Docker) or --security-opt unmask=ALL (Podman)"
    },
    Rule(["egress"], [], where: { failure, _ in failure.concerns("nf_tables") }) { _, _ in
      "a rule for every port of a host needs nf_tables with its redirection in the kernel "
        + "(CONFIG_NF_TABLES, CONFIG_NFT_NAT, CONFIG_NFT_REDIR): name the ports instead"
    },
    Rule(["egress"], [], where: { failure, _ in failure.concerns("IPv6") }) { _, _ in
      "a kernel without IPv6 in namespaces: a server's connections go over IPv4 inside"
    },
    Rule(["host-name", "loopback", "egress", "own"], denied, where: { $1.isRestrictedByAppArmor }) {
      appArmor($1)
    },
    Rule(["host-name", "loopback", "egress"], denied, where: { $1.isConfined }) { container($1) },
    Rule(["own"], denied + [EINVAL, EOPNOTSUPP]) { failure, _ in
      "the private home lies on a file system that cannot give a file to another user: "
        + "CORDON_STATE_HOME on another one, \(callerInstead)"
    },
  ]

  static let server: [Rule] = [
    Rule(["session"], denied + [ENOSYS], where: { $1.isConfined }) { _, facts in
      "the keyring's calls are refused here (Docker's usual filter does that): "
        + container(facts)
    },
    Rule(["session"], denied + [ENOSYS]) { _, _ in
      "the kernel needs CONFIG_KEYS, so that the server gets a keyring of its own"
    },
    Rule(["session"], [EDQUOT]) { _, _ in
      "too many keyrings: sysctl kernel.keys.maxkeys and kernel.keys.maxbytes"
    },
    Rule(["seccomp", "relay"], [EINVAL, ENOSYS], where: { failure, _ in failure.isFilter }) {
      _, _ in "the kernel needs system call filters: CONFIG_SECCOMP and CONFIG_SECCOMP_FILTER"
    },
    Rule(
      ["relay", "supervisor: landlock"], [ENOENT],
      where: { failure, _ in failure.concerns("/dev/null") }
    ) { _, _ in
      "/dev/null is missing: mknod -m 666 /dev/null c 1 3, as root"
    },
    Rule(["landlock"], denied + [ENOSYS], where: { $1.isConfined }) { container($1) },
    Rule(["landlock"], [ENOSYS]) { kernel($1) },
    Rule(["cgroup", "clone into cgroup"], []) { _, _ in
      controlGroup(accepting: Weakness.noMemoryLimit.name)
    },
    Rule(["limit"], [ENOMEM]) { _, _ in "give it more in the profile: limits.memory" },
    Rule(["limit"], [EPERM]) { _, _ in
      "ask for no more than this user's own hard limit (ulimit -H -a), or raise that"
    },
    Rule(["clear-groups", "take-identity"], denied, where: { $1.isRestrictedByAppArmor }) {
      appArmor($1)
    },
  ]

  static let resources: [Rule] = [
    Rule([], [EMFILE]) { _, _ in "too many open files: ulimit -n 1024, or more" },
    Rule([], [ENFILE]) { _, _ in "the machine has too many open files: sysctl fs.file-max" },
    Rule([], [ENOMEM]) { _, _ in "the machine has no memory left for this" },
  ]

  /// Files that Cordon keeps.
  static let stores: [Rule] = [
    Rule(keeping, [EROFS]) { _, _ in
      "Cordon keeps its state there: mount it for writing, or set CORDON_STATE_HOME"
    },
    Rule(keeping, [ENOSPC, EDQUOT]) { failure, _ in
      "the disk is full, or this user's share of it: make room for \(failure.subject)"
    },
    Rule(["chown"], [EPERM], where: { $1.isRoot && !$1.has(.chown) }) { root([.chown], $1) },
    Rule(keeping, denied) { failure, _ in
      "this user must own \(failure.subject) and the directories above it must let it pass, "
        + "or set CORDON_STATE_HOME"
    },
  ]

  private static let keeping = [
    "open", "mkdir", "write", "fsync", "rename", "lock", "chown", "remove", "rmdir",
  ]
}

extension Hint.Failure {
  /// Of the server, or of the relay, which says so in the subject.
  fileprivate var isFilter: Bool {
    step.utf8.elementsEqual("seccomp".utf8) || concerns("seccomp")
  }
}
