import Glibc
import Kernel
import Testing

@testable import Sandbox

/// The table of cures: what failed, on what machine, and the words that must be in the hint.
@Suite struct HintTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let step: String
    let subject: String
    let errno: Int32
    var facts = MachineFacts()
    /// Nil where there is no cure to tell.
    let words: String?
    var testDescription: String { "\(step) \(subject) \(Errno(errno).name): \(words ?? "-")" }
  }

  static func facts(_ change: (inout MachineFacts) -> Void) -> MachineFacts {
    var facts = MachineFacts()
    change(&facts)
    return facts
  }

  static let docker = facts {
    $0.container = "Docker"
    $0.isFiltered = true
  }
  static let old = facts { $0.release = KernelRelease("4.19.0-27-amd64") }
  static let appArmor = facts { $0.isRestrictedByAppArmor = true }
  static let root = facts {
    $0.isRoot = true
    $0.capabilities = 0
  }
  static let service = facts { $0.hasNoNewPrivileges = true }

  static let samples: [Sample] = [
    .init(
      step: "clone", subject: "cordon-stage", errno: ENOSYS, facts: docker,
      words: "seccomp=unconfined"),
    .init(step: "clone", subject: "cordon-stage", errno: ENOSYS, facts: old, words: "4.19.0-27"),
    .init(
      step: "clone", subject: "cordon-stage", errno: ENOSPC,
      facts: facts { $0.exhausted = ["user.max_user_namespaces", "user.max_net_namespaces"] },
      words: "sysctl -w user.max_user_namespaces=15000 user.max_net_namespaces=15000"),
    .init(step: "clone", subject: "cordon-stage", errno: ENOSPC, words: "too deep"),
    .init(
      step: "clone", subject: "cordon-stage", errno: EPERM,
      facts: facts { $0.refusesUnprivilegedNamespaces = true },
      words: "kernel.unprivileged_userns_clone=1"),
    .init(
      step: "clone", subject: "cordon-stage", errno: EPERM, facts: docker,
      words: "this container (Docker)"),
    .init(step: "clone", subject: "cordon-stage", errno: EPERM, words: "chroot"),
    .init(step: "clone", subject: "cordon-stage", errno: EINVAL, words: "cordon doctor"),
    .init(step: "clone", subject: "cordon-stage", errno: EAGAIN, words: "ulimit -u"),
    // Ubuntu's restriction shows itself at different steps.
    .init(
      step: "write", subject: "/proc/7/uid_map", errno: EACCES, facts: appArmor,
      words: "apparmor_parser"),
    .init(
      step: "private-mounts", subject: "/", errno: EACCES, facts: appArmor,
      words: "apparmor_parser"),
    .init(
      step: "become-stage", subject: "uid 0", errno: EPERM, facts: appArmor,
      words: "apparmor_parser"),
    .init(step: "loopback", subject: "lo", errno: EPERM, facts: appArmor, words: "apparmor_parser"),
    .init(
      step: "egress", subject: "address 28.64.0.2", errno: EPERM, facts: appArmor,
      words: "apparmor_parser"),
    .init(
      step: "egress", subject: "nf_tables: every port", errno: EPROTONOSUPPORT,
      words: "name the ports instead"),
    .init(
      step: "egress", subject: "IPv6", errno: EAFNOSUPPORT, words: "go over IPv4 inside"),
    .init(
      step: "write", subject: "/proc/7/uid_map", errno: EPERM, facts: root,
      words: "CAP_SETUID"),
    .init(
      step: "write", subject: "/proc/7/uid_map", errno: EPERM,
      facts: facts {
        $0.isRoot = true
        $0.isInUserNamespace = true
      }, words: "1900000000"),
    .init(
      step: "identity maps", subject: "/usr/bin/newuidmap exit 1", errno: EPERM, facts: service,
      words: "NoNewPrivileges"),
    .init(
      step: "identity maps", subject: "/usr/bin/newuidmap exit 1", errno: EPERM,
      facts: facts { $0.areHelpersPrivileged = false }, words: "set-UID root"),
    .init(
      step: "identity maps", subject: "/usr/bin/newuidmap exit 1", errno: EPERM,
      words: "/etc/subuid"),
    .init(step: "spawn", subject: "/usr/bin/newuidmap", errno: EACCES, words: "reinstall uidmap"),
    .init(step: "start", subject: "place descriptors", errno: ENOSYS, facts: old, words: "5.12"),
    .init(step: "start", subject: "setresuid", errno: EPERM, facts: root, words: "CAP_SETUID"),
    .init(step: "open_tree", subject: "/usr", errno: EPERM, facts: root, words: "CAP_SYS_ADMIN"),
    .init(step: "open_tree", subject: "/usr", errno: ENOSYS, facts: old, words: "5.12"),
    .init(
      step: "open-source", subject: "/usr read-only", errno: ENOSYS, facts: docker,
      words: "filters system calls"),
    .init(step: "new-root", subject: "tmpfs", errno: ENOENT, words: "/tmp"),
    .init(
      step: "new-root", subject: "tmpfs", errno: EPERM, facts: docker,
      words: "filters system calls"),
    .init(
      step: "proc", subject: "/proc subset=pid", errno: EPERM, words: "systempaths=unconfined"),
    // AppArmor's refusal of a mount is EACCES; a covered /proc is EPERM on Ubuntu too.
    .init(
      step: "proc", subject: "/proc subset=pid", errno: EPERM, facts: appArmor,
      words: "systempaths=unconfined"),
    .init(step: "proc", subject: "/proc subset=pid", errno: EINVAL, facts: old, words: "5.12"),
    .init(
      step: "forbid-user-namespaces", subject: "/proc/sys/user", errno: EROFS, facts: docker,
      words: "systempaths=unconfined"),
    .init(step: "open", subject: "/dev/null", errno: ENODEV, words: "mknod -m 666 /dev/null c 1 3"),
    .init(
      step: "open-source", subject: "/dev/urandom read-only nosuid", errno: ENOENT,
      words: "mknod -m 666 /dev/urandom c 1 9"),
    .init(step: "open-source", subject: "/srv/x read-only", errno: ENOENT, words: "try again"),
    .init(step: "open-source", subject: "/srv/x read-only", errno: EACCES, words: "can't reach"),
    .init(step: "id-mapped mount", subject: "/mnt/x", errno: EINVAL, words: "/mnt/x"),
    .init(step: "id-mapped mount", subject: "/mnt/x", errno: ENOSYS, facts: old, words: "5.12"),
    .init(step: "session", subject: "keyring", errno: EPERM, facts: docker, words: "keyring"),
    .init(step: "session", subject: "keyring", errno: EDQUOT, words: "kernel.keys.maxkeys"),
    .init(step: "seccomp", subject: "default", errno: EINVAL, words: "CONFIG_SECCOMP"),
    .init(
      step: "relay", subject: "seccomp: 87 instructions", errno: EINVAL, words: "CONFIG_SECCOMP"),
    .init(step: "limit", subject: "nofile 1024", errno: EPERM, words: "ulimit -H"),
    .init(step: "socketpair", subject: "stream", errno: EMFILE, words: "ulimit -n"),
    .init(
      step: "mkdir", subject: "/var/lib/cordon/locks", errno: EROFS, words: "CORDON_STATE_HOME"),
    .init(step: "write", subject: "/s/identities.json", errno: ENOSPC, words: "disk is full"),
    .init(step: "chown", subject: "/s/homes/x", errno: EPERM, facts: root, words: "CAP_CHOWN"),
    .init(
      step: "open", subject: "/proc/self/exe", errno: ENOENT,
      facts: facts { $0.hasProcesses = false }, words: "mount -t proc"),
    .init(
      step: "clone", subject: "cordon-stage", errno: EPERM, facts: appArmor,
      words: "apparmor_parser"),
    .init(
      step: "write", subject: "/proc/7/uid_map", errno: EPERM, facts: docker,
      words: "filters system calls"),
    .init(
      step: "identity maps", subject: "/usr/bin/newuidmap exit 1", errno: EPERM, facts: docker,
      words: "inside this container"),
    .init(
      step: "start", subject: "setgroups", errno: EPERM, facts: docker,
      words: "filters system calls"),
    .init(
      step: "start", subject: "place descriptors", errno: ENOSYS, facts: docker,
      words: "filters system calls"),
    .init(step: "start", subject: "execveat", errno: EACCES, words: "chmod 755"),
    .init(step: "id-mapped mount", subject: "/mnt", errno: EPERM, facts: root, words: "SYS_ADMIN"),
    .init(step: "open", subject: "/usr", errno: ENOSYS, facts: old, words: "5.12"),
    .init(step: "new-root", subject: "tmpfs", errno: EACCES, words: "security module"),
    .init(step: "bind", subject: "/usr", errno: ENOSPC, words: "fs.mount-max"),
    .init(
      step: "host-name", subject: "cordon", errno: EPERM, facts: docker,
      words: "filters system calls"),
    .init(step: "own", subject: "/home/server", errno: EPERM, words: "CORDON_STATE_HOME"),
    .init(step: "session", subject: "keyring", errno: ENOSYS, words: "CONFIG_KEYS"),
    .init(step: "relay", subject: "landlock: /dev/null", errno: ENOENT, words: "mknod"),
    .init(step: "supervisor: landlock", subject: "/dev/null", errno: ENOENT, words: "mknod"),
    .init(
      step: "landlock", subject: "/usr", errno: ENOSYS, facts: docker,
      words: "filters system calls"),
    .init(step: "landlock", subject: "/usr", errno: ENOSYS, facts: old, words: "5.12"),
    .init(
      step: "take-identity", subject: "uid 1000", errno: EPERM, facts: appArmor,
      words: "apparmor_parser"),
    .init(step: "open", subject: "/x", errno: ENFILE, words: "fs.file-max"),
    .init(step: "clone", subject: "cordon-stage", errno: ENOMEM, words: "no memory"),
    .init(step: "mkdir", subject: "/s/locks", errno: EACCES, words: "must own /s/locks"),
    .init(step: "cgroup", subject: "/sys/fs/cgroup/x", errno: EACCES, words: "Delegate=yes"),
    .init(step: "limit", subject: "data 64MiB", errno: ENOMEM, words: "limits.memory"),
    .init(step: "verify", subject: "uid is (0, 0)", errno: 0, words: nil),
  ]

  @Test(arguments: samples)
  func cure(_ sample: Sample) throws {
    let hint = Hint.of(
      step: sample.step, subject: sample.subject, errno: Errno(sample.errno), on: sample.facts)
    guard let words = sample.words else {
      #expect(hint == nil)
      return
    }
    #expect(try #require(hint).contains(words))
  }

  /// A rule that no sample reaches is one that nobody knows to be right.
  @Test func everyRuleIsReached() {
    var reached = Set<Int>()
    for sample in Self.samples {
      let failure = Hint.Failure(
        step: sample.step, subject: sample.subject, errno: sample.errno)
      let rule = Hint.table.firstIndex {
        $0.mayFit(failure) && $0.applies(failure, sample.facts)
      }
      if let rule { reached.insert(rule) }
    }
    for (index, rule) in Hint.table.enumerated() where !reached.contains(index) {
      Issue.record("no sample reaches rule \(index): \(rule.steps) \(rule.errnos)")
    }
  }

  @Test func releasesAreComparedByNumbers() {
    #expect(KernelRelease("6.1.0-18-amd64") > KernelRelease("5.12"))
    #expect(KernelRelease("5.9") < .oldestUsable)
    #expect(KernelRelease("5.12.0-rc1") >= .oldestUsable)
    #expect(KernelRelease.current() >= .oldestUsable)
  }

  @Test func thisMachineIsRead() {
    let facts = MachineFacts.here
    #expect(facts.isRoot == (geteuid() == 0))
    #expect(facts.hasProcesses)
    #expect(facts.executable.hasPrefix("/"))
  }
}
