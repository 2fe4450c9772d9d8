import CLinux
import Glibc
import Kernel

/// Carries out the steps that build the sandbox, in PID 1 and with the capabilities that the new
/// user namespace gave it.
///
/// Everything inside the new root is reached from a descriptor of that root and without following
/// a symbolic link, so that no path can lead back to the host.
struct StepExecutor {
  private let plan: Plan
  /// Detached mounts in the order of the plan's sources. As root they came with the plan.
  private var sources: [Int32]
  private let sourcesCameWithPlan: Bool
  private var opened = 0
  private var root: Int32 = -1

  private static let mountPoint = "/tmp"

  init(plan: Plan, received: [Int32]) {
    self.plan = plan
    sources = received
    sourcesCameWithPlan = !received.isEmpty
  }

  mutating func carryOut(_ step: Step) throws(StepFailure) {
    do throws(SystemError) {
      try perform(step)
    } catch {
      // Of many operations: which one is what helps.
      let subject = if case .egress = step { error.subject } else { step.subject(in: plan) }
      throw StepFailure(step: step.name, subject: subject, errno: error.errno)
    }
  }

  /// Closes what the steps needed: neither PID 1 nor the server keeps a way to a source.
  consuming func finish() throws(StepFailure) {
    for raw in sources + [root] where raw >= 0 {
      guard close(raw) == 0 else {
        throw StepFailure(step: "close", subject: "descriptor \(raw)", errno: .current)
      }
    }
  }

  private mutating func perform(_ step: Step) throws(SystemError) {
    switch step {
    case .becomeStage(let uid, let clearingGroups):
      try becomeStage(uid, clearingGroups: clearingGroups)
    case .makeMountsPrivate:
      try check("mount", "/") { clinux_mount_private_root() }
    case .forbidUserNamespaces:
      try overwrite("/proc/sys/user/max_user_namespaces", with: "0")
      // These count against the caller too: without bounds of its own a server takes all of them.
      try overwrite("/proc/sys/user/max_inotify_instances", with: "16")
      try overwrite("/proc/sys/user/max_inotify_watches", with: "16384")
    case .openSource(let source):
      if !sourcesCameWithPlan { sources.append(try SourceMount.open(source)) }
      opened += 1
      guard opened <= sources.count else {
        throw SystemError(step: "source", subject: source.path, errno: Errno(EBADF))
      }
    case .newRoot(let bytes):
      try mountNewRoot(bytes: bytes)
    case .directory(let path, let mode):
      try make("mkdir", path) { unsafe mkdirat($0, $1, mode) }
    case .symbolicLink(let path, let target):
      try make("symlink", path) { unsafe symlinkat(target, $0, $1) }
    case .file(let path, let contents):
      let raw = try make("create", path) {
        unsafe clinux_openat($0, $1, O_WRONLY | O_CREAT | O_EXCL, 0o644)
      }
      try Files.write(Array(contents.utf8), to: OwnedDescriptor(owning: raw), subject: path)
    case .bind(let index, let path, let kind):
      try bind(index, at: path, kind)
    case .cover(let cover):
      try CoverMount(root: root).place(cover)
    case .temporary(let system):
      try mountTemporary(system)
    case .processes(let path):
      try mount("proc", ["subset", "pid", "hidepid", "ptraceable"], at: path, noExecute: true)
    case .makeReadOnly(let path):
      let target = try resolve(path)
      _ = try target.withRaw { (raw) throws(SystemError) in
        try check("mount_setattr", path) {
          unsafe clinux_mount_attributes(raw, "", UInt32(CLINUX_MOUNT_READ_ONLY), 0)
        }
      }
    case .own(let path):
      try make("chown", path) {
        unsafe fchownat($0, $1, plan.insideUID, plan.insideGID, AT_SYMLINK_NOFOLLOW)
      }
    case .pivot:
      try check("fchdir", "new root") { fchdir(root) }
      try check("pivot_root", "new root") { clinux_pivot_root_here() }
      try check("chdir", "/") { unsafe chdir("/") }
    case .hostName(let name):
      try check("sethostname", name) { unsafe clinux_sethostname(name) }
    case .loopback:
      try check("loopback", "lo") { clinux_loopback_up() }
    case .egress(let layout):
      try SandboxNetwork(layout).send(on: StageProcess.egress)
    case .session, .limit, .fileModeMask, .dropBoundingSet, .lockSecureBits, .clearGroups,
      .takeIdentity, .dropCapabilities, .noNewPrivileges, .workingDirectory, .closeDescriptors,
      .landlock, .filterSystemCalls, .verify, .execute:
      // `isTakenByServer` keeps these away; carrying one out here would be the wrong process.
      throw SystemError(step: step.name, subject: "stage", errno: Errno(EINVAL))
    }
  }

  private func becomeStage(_ uid: UInt32, clearingGroups: Bool) throws(SystemError) {
    if clearingGroups {
      try check("setgroups", "supplementary groups") { clinux_set_groups_empty() }
    }
    try check("setresgid", "\(uid)") { clinux_set_gid(uid) }
    try check("setresuid", "\(uid)") { clinux_set_uid(uid) }
    // A change of UID clears it.
    try check("prctl", "PR_SET_PDEATHSIG") { clinux_parent_death_signal(SIGKILL) }
    try check("prctl", "PR_SET_DUMPABLE") { clinux_not_dumpable() }
  }

  private mutating func mountNewRoot(bytes: UInt64) throws(SystemError) {
    let mount = try newFileSystem(
      "tmpfs", ["size", "\(bytes)", "nr_inodes", "4096", "mode", "0755"], noExecute: true)
    try mount.withRaw { (raw) throws(SystemError) in
      _ = try check("move_mount", Self.mountPoint) {
        unsafe clinux_move_mount(raw, AT_FDCWD, Self.mountPoint)
      }
    }
    // Opened again through the path, to stand on the mount and not below it.
    root = try Files.open(Self.mountPoint, flags: clinux_o_path | O_DIRECTORY).release()
  }

  private func bind(_ index: Int, at path: String, _ kind: BindKind) throws(SystemError) {
    guard sources.indices.contains(index) else {
      throw SystemError(step: "bind", subject: path, errno: Errno(EBADF))
    }
    // A mount point below another bind exists already: it is the same path of the same disk.
    do throws(SystemError) {
      switch kind {
      case .directory: try make("mkdir", path) { unsafe mkdirat($0, $1, 0o755) }
      case .file, .socket:
        let raw = try make("create", path) {
          unsafe clinux_openat($0, $1, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        }
        close(raw)
      }
    } catch  where error.errno.code == EEXIST || error.errno.code == EROFS {
    }
    try place(sources[index], at: path)
  }

  private func mountTemporary(_ system: TemporaryFileSystem) throws(SystemError) {
    let mode = "0\(String(system.mode, radix: 8))"
    // Files that hold nothing take memory too.
    var options = ["size", "\(system.bytes)", "nr_inodes", "65536", "mode", mode]
    if system.ownedByServer {
      options += ["uid", "\(plan.insideUID)", "gid", "\(plan.insideGID)"]
    }
    try mount("tmpfs", options, at: system.path, noExecute: system.noExecute)
  }

  /// Makes the mount point where it is missing, and mounts a file system of the sandbox's own.
  private func mount(
    _ type: String, _ options: [String], at path: String, noExecute: Bool
  ) throws(SystemError) {
    do throws(SystemError) {
      try make("mkdir", path) { unsafe mkdirat($0, $1, 0o755) }
    } catch  where error.errno.code == EEXIST {
    }
    let mount = try newFileSystem(type, options, noExecute: noExecute)
    try mount.withRaw { (raw) throws(SystemError) in try place(raw, at: path) }
  }

  private func newFileSystem(
    _ type: String, _ options: [String], noExecute: Bool
  ) throws(SystemError) -> OwnedDescriptor {
    var attributes = UInt32(CLINUX_MOUNT_NO_SUID | CLINUX_MOUNT_NO_DEVICES)
    if noExecute { attributes |= UInt32(CLINUX_MOUNT_NO_EXECUTE) }
    let raw = try unsafe withCStrings(options) { (pointers) throws(SystemError) in
      try check("mount", type) {
        unsafe clinux_new_file_system(type, pointers, options.count, attributes)
      }
    }
    return OwnedDescriptor(owning: raw)
  }

  private func place(_ mount: Int32, at path: String) throws(SystemError) {
    let target = try resolve(path)
    _ = try target.withRaw { (raw) throws(SystemError) in
      try check("move_mount", path) { unsafe clinux_move_mount(mount, raw, "") }
    }
  }

  /// Makes, or changes, a name in its directory, which is reached without following a link: what
  /// is bound already may hold links that its owner planted (CVE-2026-87766).
  @discardableResult
  private func make(
    _ step: String, _ path: String, _ call: (Int32, String) -> Int32
  ) throws(SystemError) -> Int32 {
    let directory = try resolve(Path.parent(path))
    return try directory.withRaw { (raw) throws(SystemError) in
      try check(step, path) { call(raw, Path.name(path)) }
    }
  }

  /// Opens a path of the new root without following a link and without leaving it.
  private func resolve(_ path: String) throws(SystemError) -> OwnedDescriptor {
    let raw = try check("open", path) {
      unsafe clinux_open_beneath(
        root, relative(path), clinux_o_path, clinux_without_links | clinux_beneath)
    }
    return OwnedDescriptor(owning: raw)
  }

  private func relative(_ path: String) -> String {
    let rest = path.drop { $0 == "/" }
    return rest.isEmpty ? "." : String(rest)
  }

  private func overwrite(_ path: String, with text: String) throws(SystemError) {
    let descriptor = try Files.open(path, flags: O_WRONLY)
    try Files.write(Array(text.utf8), to: descriptor, subject: path)
  }
}
