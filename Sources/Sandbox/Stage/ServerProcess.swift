import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// The process that becomes the server: takes its identity, gives everything else up, makes sure
/// of it, and executes the program. It never returns.
struct ServerProcess {
  let plan: Plan
  /// To PID 1, close-on-exec: its end without a report tells that the program runs.
  let line: Int32
  /// The witness's socket in a verbose launch, else nil.
  let witness: Int32?

  func become() -> Never {
    for step in plan.steps where step.isTakenByServer {
      do throws(SystemError) {
        try perform(step)
      } catch {
        let subject = step.subject(in: plan)
        let detail = error.subject == subject ? subject : "\(subject): \(error.subject)"
        fail(StepFailure(step: step.name, subject: detail, errno: error.errno))
      }
    }
    fail(StepFailure(step: "execute", subject: "plan without a program", errno: Errno(EINVAL)))
  }

  private func fail(_ failure: StepFailure) -> Never {
    // A word of PID 1 that was not read would reset the line, and the report would be lost.
    shutdown(line, Int32(SHUT_RD))
    var byte: UInt8 = 0
    while unsafe read(line, &byte, 1) > 0 {}
    StageProcess.report(
      .failed(step: failure.step, subject: failure.subject, errno: failure.errno.code),
      to: line)
    _exit(70)
  }

  private func perform(_ step: Step) throws(SystemError) {
    switch step {
    case .session:
      try check("setsid", "session") { setsid() }
      try check("keyctl", "session keyring") { clinux_join_session_keyring() }
      try KnownState.enterServer()
    case .limit(let limit, let soft, let hard):
      try set(limit, soft, hard)
    case .fileModeMask(let mask):
      _ = umask(mask)
    case .dropBoundingSet: try Privileges.dropBoundingSet()
    case .lockSecureBits: try Privileges.lockSecureBits()
    case .clearGroups:
      try check("setgroups", "supplementary groups") { clinux_set_groups_empty() }
    case .takeIdentity(let uid, let gid):
      try check("setresgid", "\(gid)") { clinux_set_gid(gid) }
      try check("setresuid", "\(uid)") { clinux_set_uid(uid) }
      // A change of UID clears it.
      try check("prctl", "PR_SET_PDEATHSIG") { clinux_parent_death_signal(SIGKILL) }
    case .dropCapabilities: try Privileges.dropCapabilities()
    case .noNewPrivileges:
      try check("prctl", "PR_SET_NO_NEW_PRIVS") { clinux_no_new_privileges() }
    case .workingDirectory(let path):
      try check("chdir", path) { unsafe chdir(path) }
    case .closeDescriptors:
      try closeDescriptors()
    case .landlock(let version, let rules):
      try SecondWall(landlock: Landlock(version: version), rules: rules).raise()
    case .filterSystemCalls(let base, let allow, let deny):
      try filter(base, allow: allow, deny: deny)
    case .verify(let expectation):
      try Verification(expectation: expectation).run()
    case .execute:
      try execute()
    case .becomeStage, .makeMountsPrivate, .forbidUserNamespaces, .openSource, .newRoot, .directory,
      .symbolicLink, .file, .bind, .cover, .temporary, .processes, .makeReadOnly, .own, .pivot,
      .hostName,
      .loopback, .egress:
      throw SystemError(step: step.name, subject: "server", errno: Errno(EINVAL))
    }
  }

  private func set(_ limit: ResourceLimit, _ soft: UInt64, _ hard: UInt64) throws(SystemError) {
    var wanted = (soft: soft, hard: hard)
    if limit == .dataSize {
      // Nobody asked for this one: a caller who allows less has said enough.
      var now: (soft: UInt64, hard: UInt64) = (0, 0)
      try check("getrlimit", limit.rawValue) {
        unsafe clinux_get_rlimit(limit.number, &now.soft, &now.hard)
      }
      wanted = (min(soft, now.hard), min(hard, now.hard))
    }
    try check("setrlimit", limit.rawValue) {
      clinux_set_rlimit(limit.number, wanted.soft, wanted.hard)
    }
  }

  /// Closed and not only marked: nothing of the stage's is open when the program's path is looked
  /// up (CVE-2024-21626).
  private func closeDescriptors() throws(SystemError) {
    var first: Int32 = 3
    for kept in [line, witness ?? line].sorted() {
      if kept > first {
        try check("close_range", "\(first) to \(kept - 1)") {
          clinux_close_range(UInt32(first), UInt32(kept - 1), 0)
        }
      }
      first = kept + 1
    }
    try check("close_range", "above \(first - 1)") {
      clinux_close_range(UInt32(first), .max, 0)
    }
  }

  /// The program does not run before PID 1 is confined.
  private func awaitPID1() throws(SystemError) {
    var byte: UInt8 = 0
    let count = try check("read", "PID 1's word") { unsafe read(line, &byte, 1) }
    guard count == 1 else {
      throw SystemError(step: "read", subject: "PID 1's word", errno: Errno(EPIPE))
    }
  }

  private func filter(
    _ base: FilterBase, allow: [String], deny: [String]
  ) throws(SystemError) {
    let program = try FilterProgram.ofServer(base, allow: allow, deny: deny)
    if let witness {
      try WitnessProcess.handOver(program, to: witness)
    } else {
      try program.install()
    }
  }

  private func execute() throws(SystemError) {
    try awaitPID1()
    let program = plan.program
    let environment = program.environment.map {
      Array($0.name.utf8) + [UInt8(ascii: "=")] + $0.value
    }
    try unsafe withCStrings(program.arguments) { (arguments) throws(SystemError) in
      try unsafe withCStrings(environment) { (environment) throws(SystemError) in
        _ = try check("execve", program.executable) {
          unsafe clinux_execve(program.executable, arguments, environment)
        }
      }
    }
  }
}

extension ResourceLimit {
  fileprivate var number: Int32 {
    switch self {
    case .coreSize: clinux_rlimit_core
    case .openFiles: clinux_rlimit_nofile
    case .processes: clinux_rlimit_nproc
    case .messageQueues: clinux_rlimit_msgqueue
    case .lockedMemory: clinux_rlimit_memlock
    case .pendingSignals: clinux_rlimit_sigpending
    case .fileSize: clinux_rlimit_fsize
    case .addressSpace: clinux_rlimit_as
    case .dataSize: clinux_rlimit_data
    }
  }
}
