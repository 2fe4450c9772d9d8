import Foundation
import Testing

/// Machines that lack something: each launch works, or stops with the step by name, a hint that cures
/// it, the status of the contract and nothing left behind.
///
/// What this machine has is taken away from one command: by a system call filter, a namespace, a
/// mount or a limit (Drivers/hostile.py). So what is tested is what Cordon makes of a missing
/// facility, and not the kernel or the container engine that lacks it.
@Suite struct HardPlacesTests {
  struct Place: Sendable, CustomTestStringConvertible {
    /// What the machine is like.
    let name: String
    /// For Drivers/hostile.py; `{state}` and `{folder}` stand for the scene's.
    let words: [String]
    /// Whom it concerns; root alone can take most of it away.
    var who: [Who] = Who.allCases
    var identity = "separate"
    /// Options of `cordon run`.
    var options: [String] = []
    /// 0 where it works all the same.
    var status = 69
    /// What the error must say: the step, or the words before it.
    var step = ""
    /// What the hint must say.
    var hint = ""
    var testDescription: String { name }
  }

  static let places: [Place] =
    withoutUserNamespaces + underAppArmor + inAContainer + inAService + asSomeRoot
    + withoutSubordinateIDs + onAnOldKernel + withOddFiles

  // MARK: (a) without unprivileged user namespaces

  static let withoutUserNamespaces: [Place] = [
    .init(
      name: "user.max_user_namespaces is 0", words: ["namespaces:0"], step: "clone: cordon-stage",
      hint: "sysctl -w user.max_user_namespaces"),
    .init(
      name: "clone with a user namespace is refused", words: ["deny:clone3:EPERM"],
      step: "clone: cordon-stage", hint: "seccomp=unconfined"),
    .init(
      name: "Debian's kernel.unprivileged_userns_clone is 0",
      words: settings(
        "unprivileged_userns_clone:0") + ["deny:clone3:EPERM"], who: [.user],
      step: "clone: cordon-stage", hint: "kernel.unprivileged_userns_clone=1"),
  ]

  /// A /proc/sys/kernel that has one setting more, as another kernel's would.
  static func settings(_ setting: String) -> [String] {
    let parts = setting.split(separator: ":")
    return [
      "mount:tmpfs:/proc/sys/kernel:mode=755",
      "file:/proc/sys/kernel/\(parts[0]):\(parts[1])\\n",
      "file:/proc/sys/kernel/cap_last_cap:40\\n",
    ]
  }

  // MARK: (b) under Ubuntu's AppArmor restriction

  static let restricted = settings("apparmor_restrict_unprivileged_userns:1")

  /// The symptoms are those of sandbox launchers' reports from Ubuntu 23.10 and later; AppArmor
  /// itself is not here.
  static let underAppArmor: [Place] = [
    .init(
      name: "AppArmor refuses mounts", words: restricted + ["deny:mount:EACCES"], who: [.user],
      step: "private-mounts: /: permission denied (EACCES)", hint: "apparmor_parser"),
    .init(
      name: "AppArmor refuses CAP_SETGID", words: restricted + ["deny:setgroups:EPERM"],
      who: [.user], step: "become-stage", hint: "apparmor_parser"),
    .init(
      name: "AppArmor refuses the new mount API", words: restricted + ["deny:move_mount:EACCES"],
      who: [.user], identity: "caller", step: "new-root", hint: "apparmor_parser"),
    .init(
      name: "AppArmor refuses the namespace", words: restricted + ["deny:clone3:EACCES"],
      who: [.user], step: "clone: cordon-stage", hint: "apparmor_parser"),
  ]

  // MARK: (c) inside an unprivileged container

  static let inAContainer: [Place] = [
    // Docker's filter: no clone3, so that a C library falls back to clone.
    .init(
      name: "a filter like Docker's", words: ["deny:clone3:ENOSYS"], step: "clone: cordon-stage",
      hint: "seccomp=unconfined"),
    .init(
      name: "a covered /proc", words: ["mount:tmpfs:/proc/tty"], step: "proc: /proc",
      hint: "systempaths=unconfined"),
    .init(
      name: "a read-only /proc/sys", words: ["read-only:/proc/sys"],
      step: "forbid-user-namespaces", hint: "systempaths=unconfined"),
    .init(
      name: "no keyctl, as in Docker", words: ["deny:keyctl:EPERM"],
      step: "session: setsid, keyring",
      hint: "keyring"),
    .init(
      name: "no mount API for the container", words: ["deny:fsopen:EPERM"], step: "new-root",
      hint: "seccomp=unconfined"),
    .init(
      name: "no mount of the old kind", words: ["deny:mount:EPERM"], step: "private-mounts",
      hint: "seccomp=unconfined"),
  ]

  // MARK: (d) inside a service with NoNewPrivileges

  static let inAService: [Place] = [
    .init(
      name: "no_new_privs, an identity of its own", words: ["no-new-privileges"], who: [.user],
      step: "identity maps: /usr/bin/newuidmap", hint: "NoNewPrivileges"),
    .init(
      name: "no_new_privs, the caller's identity", words: ["no-new-privileges"], who: [.user],
      identity: "caller", status: 0),
    .init(name: "no_new_privs, as root", words: ["no-new-privileges"], who: [.root], status: 0),
    .init(
      name: "systemd's RestrictSUIDSGID, which hides openat2", words: ["deny:openat2:ENOSYS"],
      step: "function not implemented (ENOSYS)", hint: "filters system calls"),
  ]

  // MARK: (e) as root with fewer capabilities

  static let asSomeRoot: [Place] = [
    .init(
      name: "root without CAP_SYS_RESOURCE", words: ["capability:sys_resource"], who: [.root],
      status: 0),
    .init(
      name: "root without CAP_SYS_ADMIN", words: ["capability:sys_admin"], who: [.root],
      step: "open_tree: /usr", hint: "no CAP_SYS_ADMIN"),
    .init(
      name: "root without CAP_SETUID", words: ["capability:setuid"], who: [.root],
      step: "operation not permitted (EPERM)", hint: "no CAP_SETUID"),
    .init(
      name: "root without CAP_SETGID", words: ["capability:setgid"], who: [.root],
      step: "operation not permitted (EPERM)", hint: "no CAP_SETGID"),
    .init(
      name: "root without CAP_CHOWN", words: ["capability:chown"], who: [.root], status: 74,
      step: "the private home can't be made: chown", hint: "no CAP_CHOWN"),
    .init(
      name: "root without CAP_SYS_PTRACE", words: ["capability:sys_ptrace"], who: [.root],
      status: 0),
  ]

  // MARK: (f) without newuidmap or a range

  static func subordinate(_ lines: String) -> [String] {
    [
      "file:{folder}/sub:\(lines)", "bind:{folder}/sub:/etc/subuid",
      "bind:{folder}/sub:/etc/subgid",
    ]
  }

  static let withoutSubordinateIDs: [Place] = [
    .init(
      name: "no newuidmap", words: ["hide:/usr/bin/newuidmap"], who: [.user],
      step: "newuidmap is not installed", hint: "apt-get install uidmap"),
    .init(
      name: "a newuidmap that cannot be executed", words: ["bind:/dev/null:/usr/bin/newuidmap"],
      who: [.user], step: "spawn: /usr/bin/newuidmap", hint: "uidmap"),
    .init(
      name: "a newuidmap that is not set-UID", words: ["bind:/bin/false:/usr/bin/newuidmap"],
      who: [.user], step: "identity maps: /usr/bin/newuidmap exit 1", hint: "set-UID root"),
    .init(
      name: "no range", words: subordinate("other:100000:65536\\n"), who: [.user],
      step: "/etc/subuid has no range for this user",
      hint: "--add-subuids 165536-231071 --add-subgids 165536-231071 $(id -un)"),
    .init(
      name: "an empty /etc/subuid", words: subordinate(""), who: [.user], step: "has no range",
      hint: "--add-subuids 100000-165535"),
    .init(
      name: "a range that another user has too",
      words: subordinate("cordon-test:100000:10\\nother:100000:10\\n"), who: [.user],
      step: "is other's too", hint: "a range of its own"),
    .init(
      name: "a range that root's servers have", words: subordinate("cordon-test:1900000000:10\\n"),
      who: [.user], step: "is root's too",
      hint: "a range of its own"),
    .init(
      name: "a range of one", words: subordinate("cordon-test:100000:1\\n"), who: [.user],
      status: 0),
  ]

  // MARK: (g) on an old kernel

  static let onAnOldKernel: [Place] =
    [
      "open_tree", "mount_setattr", "fsopen", "move_mount", "fsconfig", "fsmount",
    ].map { call in
      .init(
        name: "without \(call)", words: ["deny:\(call):ENOSYS"],
        step: "function not implemented (ENOSYS)", hint: "filters system calls")
    } + [
      .init(
        name: "without close_range", words: ["deny:close_range:ENOSYS"],
        step: "start: place descriptors", hint: "filters system calls"),
      .init(
        name: "without signals by pidfd", words: ["deny:pidfd_send_signal:ENOSYS"], status: 0),
      .init(
        name: "without Landlock", words: ["deny:landlock_create_ruleset:ENOSYS"], step: "landlock",
        hint: "--accept no-landlock"),
      .init(
        name: "with Landlock switched off", words: ["deny:landlock_create_ruleset:EOPNOTSUPP"],
        step: "landlock", hint: "--accept no-landlock"),
      .init(
        name: "without Landlock, accepted", words: ["deny:landlock_create_ruleset:ENOSYS"],
        options: ["--accept", "no-landlock"], status: 0),
      .init(
        name: "without system call filters", words: ["deny:seccomp:EINVAL"], step: "seccomp",
        hint: "CONFIG_SECCOMP"),
    ]

  // MARK: (h) odd files, mounts and limits

  static let withOddFiles: [Place] = [
    .init(name: "/proc with hidepid=1", words: ["mount:proc:/proc:hidepid=1"], status: 0),
    .init(name: "/proc with hidepid=2", words: ["mount:proc:/proc:hidepid=2"], status: 0),
    .init(
      name: "no /dev/null", words: ["mount:tmpfs:/dev"], step: "/dev/null", hint: "mknod -m 666"),
    .init(
      name: "a file as /dev/null", words: ["bind:/etc/hostname:/dev/null"],
      step: "no such device (ENODEV)", hint: "mknod -m 666 /dev/null c 1 3"),
    .init(
      name: "another device as /dev/urandom", words: ["bind:/dev/zero:/dev/urandom"],
      step: "no such device (ENODEV)", hint: "mknod -m 666 /dev/urandom c 1 9"),
    .init(name: "/tmp read-only", words: ["read-only:/tmp"], status: 0),
    .init(name: "/tmp noexec and nosuid", words: ["mount:tmpfs:/tmp:mode=1777"], status: 0),
    .init(
      name: "a read-only state", words: ["read-only:{state}"], status: 74,
      step: "read-only file system (EROFS)", hint: "CORDON_STATE_HOME"),
    .init(
      name: "a full disk", words: ["mount:tmpfs:{state}:size=64k,mode=700{owner}", "fill:{state}"],
      status: 74, step: "no space left on device (ENOSPC)", hint: "disk is full"),
    .init(name: "no HOME", words: ["unset:HOME"], status: 0),
    .init(
      name: "few descriptors", words: ["limit:nofile:16"], step: "too many open files (EMFILE)",
      hint: "ulimit"),
    .init(
      name: "a low hard limit", words: ["limit:nofile:256"], step: "limit: nofile 1024",
      hint: "ulimit -H"),
  ]

  // MARK: The test

  /// Only root can take away most of it, also from a user; that user is the tests' own.
  static let cases: [(Place, Who)] =
    places.flatMap { place in place.who.map { (place, $0) } }

  @Test(.enabled(if: Places.isRoot, HostileGround.reason), arguments: cases)
  func aLaunchWorksOrSaysWhatIsMissing(place: Place, who: Who) throws {
    let ground = try HostileGround(who)
    let done = try Finished.run(
      ground.argv(place.words, ["run", "--name", "x", "--identity", place.identity])
        + place.options + ["--", "/usr/bin/true"],
      environment: ground.environment)
    #expect(done.status == place.status, "\(done.errors)")
    if place.status != 0 {
      let lines = done.errors.split(separator: "\n")
      let error = lines.first { $0.hasPrefix("cordon: error: ") } ?? ""
      // The error's own: a warning before it may have one too.
      let rest = lines.drop { !$0.hasPrefix("cordon: error: ") }
      let hint = rest.first { $0.hasPrefix("hint: ") } ?? ""
      #expect(error.contains(place.step), "\(done.errors)")
      #expect(hint.contains(place.hint), "\(done.errors)")
    }
    #expect(ground.sessionsLeft() == [])
  }

  /// What the doctor says of the same machines, with the same words.
  @Test(
    .enabled(if: Places.isRoot, HostileGround.reason),
    arguments: cases.filter { $0.0.status == 69 && $0.0.identity == "separate" })
  func theDoctorFindsIt(place: Place, who: Who) throws {
    let ground = try HostileGround(who)
    let done = try Finished.run(
      ground.argv(place.words, ["doctor", "--format", "json"]), environment: ground.environment)
    #expect(done.status == 69, "\(done.output)\(done.errors)")
    let report = try Value.parse(done.output)
    #expect(report["works"] == false)
    let hints = report["rows"].array.filter { $0["verdict"] == "missing" }
      .compactMap { $0["hint"].string }
    #expect(hints.contains { $0.contains(place.hint) }, "\(done.output)")
  }

  @Test func theDoctorIsContentHere() throws {
    let scene = try Scene()
    let done = try scene.cordon("doctor", "--format", "json")
    #expect(done.status == 0, "\(done.output)\(done.errors)")
    let report = try Value.parse(done.output)
    #expect(report["schema"] == 1)
    for row in report["rows"].array {
      // An ordinary user has a cgroup only where one was delegated.
      let isOK = row["verdict"] == "ok" || row["id"] == "limits" && row["verdict"] == "absent"
      #expect(isOK, "\(row)")
    }
    let ids = report["rows"].array.compactMap { $0["id"].string }
    #expect(Set(ids).count == ids.count)
    #expect(ids.contains("launch-separate") && ids.contains("launch-caller"))
    let text = try scene.cordon("doctor")
    #expect(text.output.hasSuffix("cordon run works here\n"))
    #expect(!text.output.contains("\u{1B}"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: scene.folder + "/state").isEmpty)
  }

  @Test func theDoctorIsColouredAtATerminalOnly() throws {
    let scene = try Scene()
    let terminal = [Places.python, Places.drivers + "/terminal.py", "20", "--"]
    func output(_ variables: [String: String]) throws -> String {
      try Finished.run(
        terminal + [Places.binary, "doctor"],
        environment: scene.environment.merging(variables) { $1 }
      ).output
    }
    #expect(try output(["TERM": "xterm"]).contains("\u{1B}[1;32mok\u{1B}[0m"))
    #expect(try !output(["TERM": "xterm", "NO_COLOR": "1"]).contains("\u{1B}"))
    #expect(try !output(["TERM": "dumb"]).contains("\u{1B}"))
  }

  /// What is shipped for the usual places is what the program prints for its own.
  @Test func theShippedAppArmorProfileIsTheProgramsOwn() throws {
    let scene = try Scene()
    let printed = try scene.cordon("doctor", "--apparmor-profile").output
    let shipped = try String(contentsOfFile: Places.examples + "/apparmor/cordon", encoding: .utf8)
    func rules(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("profile") }
    }
    #expect(rules(printed) == rules(shipped))
    let binary = URL(filePath: Places.binary).resolvingSymlinksInPath().path()
    #expect(printed.contains("profile cordon \"\(binary)\" flags=(unconfined)"))
  }
}
