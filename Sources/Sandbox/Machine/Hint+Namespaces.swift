import Glibc

/// From the clone to the program's exec: namespaces and their identities.
extension Hint {
  private static let denied = [EPERM, EACCES]

  static let processes: [Rule] = [
    Rule([], [], where: { $1.hasProcesses == false && $0.concerns("/proc") }) { _, _ in noProcesses
    }
  ]

  static let clone: [Rule] = [
    Rule(["clone"], [ENOSYS], where: { $1.isFiltered }) { container($1) },
    Rule(["clone"], [ENOSYS]) { kernel($1) },
    Rule(["clone"], [ENOSPC, EUSERS], where: { !$1.exhausted.isEmpty }) { _, facts in
      let settings = facts.exhausted.map { "\($0)=15000" }.joined(separator: " ")
      return "no new namespace is allowed: sudo sysctl -w \(settings), which for a container is "
        + "its host's to do"
    },
    Rule(["clone"], [ENOSPC, EUSERS]) { _, _ in
      "too many namespaces, or too deep in each other: sysctl user.max_user_namespaces"
    },
    Rule(["clone"], denied, where: { $1.refusesUnprivilegedNamespaces && !$1.isRoot }) { _, _ in
      "user namespaces are root's alone here: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    },
    Rule(["clone"], denied, where: { $1.isRestrictedByAppArmor && !$1.isRoot }) { appArmor($1) },
    Rule(["clone"], denied, where: { $1.isConfined }) { container($1) },
    Rule(["clone"], denied) { _, _ in
      "user namespaces are refused here, by a security module or because / is a chroot"
    },
    Rule(["clone"], [EINVAL]) { _, _ in
      "the kernel was built without one of the namespaces: cordon doctor tells which"
    },
    Rule(["clone", "fork"], [EAGAIN]) { _, _ in
      "too many processes: ulimit -u, or pids.max of the control group"
    },
  ]

  /// `write` and `open` of `/proc/PID/uid_map`, and what the helpers say.
  static let identityMaps: [Rule] = [
    Rule(
      ["write", "open"], denied + [EINVAL], where: { $0.isMap && $1.isMissing(.setUID, .setGID) }
    ) { root([.setUID, .setGID], $1) },
    Rule(
      ["write", "open"], denied + [EINVAL],
      where: { $0.isMap && $1.isRoot && $1.isInUserNamespace }
    ) { _, _ in
      "this root is a user namespace's, which does not have the UIDs 1900000000 to 1900065535: "
        + "--identity caller, or map them"
    },
    Rule(["write", "open"], denied, where: { $0.isMap && $1.isRestrictedByAppArmor }) {
      appArmor($1)
    },
    Rule(["write", "open"], denied, where: { $0.isMap && $1.isConfined }) { container($1) },
    Rule(["identity maps", "spawn"], [], where: { $1.hasNoNewPrivileges }) { _, _ in
      "newuidmap is set-UID, which no_new_privs switches off: start Cordon without "
        + "NoNewPrivileges=yes (a container: without no-new-privileges), \(callerInstead)"
    },
    Rule(["identity maps", "spawn"], [], where: { !$1.areHelpersPrivileged }) { _, _ in
      "newuidmap and newgidmap must be set-UID root, and not on a file system mounted nosuid: "
        + "sudo apt-get install --reinstall uidmap, \(callerInstead)"
    },
    Rule(["identity maps", "spawn"], [], where: { $1.isInUserNamespace || $1.isConfined }) { _, _ in
      "newuidmap cannot map a range inside this container: give the container's user a range that "
        + "the container has itself, \(callerInstead)"
    },
    Rule(["identity maps"], []) { _, _ in
      "newuidmap said why; /etc/subuid and /etc/subgid must give this user the IDs, "
        + callerInstead
    },
    Rule(["spawn"], [EACCES, ENOEXEC]) { failure, _ in
      "\(failure.subject) can't be executed: sudo apt-get install --reinstall uidmap"
    },
  ]

  /// Where a part takes its UID: between clone and exec, or as its first step.
  private static let taking = ["start", "become-stage"]

  /// Between clone and exec.
  static let start: [Rule] = [
    Rule(taking, denied, where: { $0.isIdentity && $1.isMissing(.setUID, .setGID) }) {
      root([.setUID, .setGID], $1)
    },
    Rule(taking, denied, where: { $0.isIdentity && $1.isRestrictedByAppArmor }) {
      appArmor($1)
    },
    Rule(taking, denied, where: { $0.isIdentity && $1.isConfined }) { container($1) },
    Rule(["start"], [ENOSYS], where: { $1.isFiltered }) { container($1) },
    Rule(["start"], [ENOSYS]) { kernel($1) },
    Rule(["start"], [EACCES], where: { failure, _ in failure.concerns("execveat") }) { _, facts in
      "\(facts.executable) must be executable for everyone, as in chmod 755"
    },
  ]
}

extension Hint.Failure {
  /// A file that takes an identity map.
  fileprivate var isMap: Bool {
    concerns("/uid_map") || concerns("/gid_map") || concerns("/setgroups")
  }

  fileprivate var isIdentity: Bool {
    step.utf8.elementsEqual("become-stage".utf8)
      || ["setgroups", "setres", "ambient"].contains(where: concerns)
  }
}

extension MachineFacts {
  fileprivate func isMissing(_ capabilities: Capability...) -> Bool {
    isRoot && capabilities.contains { !has($0) }
  }
}
