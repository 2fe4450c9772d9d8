import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// The witness of a verbose launch: a process of its own beside the server that answers what the
/// server's filter asks, and tells the supervisor what was refused.
///
/// It runs in the sandbox, so that it sees the disk as the server does, under the stage's UID and with
/// one capability of the sandbox's own user namespace: `CAP_SYS_PTRACE`, to read the paths that the
/// server names. A filter of its own lets it open, execute and start nothing. An ordinary launch
/// has none. Where it ends early, the calls that it would have answered fail with `ENOSYS`.
struct WitnessProcess {
  let pid: Int32
  /// The server sends its filter's listener on this socket. PID 1 keeps it open until the server
  /// has ended.
  let socket: Int32

  /// Where the stage finds the socket to the supervisor.
  static let supervisor: Int32 = 4
  /// Milliseconds that the totals may take once the server has ended.
  static let patience: Int32 = 200

  static func start(_ plan: Plan) throws(StepFailure) -> WitnessProcess {
    var ends: [Int32] = [-1, -1]
    try SystemError.asFailure { () throws(SystemError) in
      _ = try check("socketpair", "witness") { unsafe clinux_stream_pair(&ends) }
    }
    let pid = clinux_fork()
    if pid == 0 { become(plan, ends[0]) }
    let errno = Errno.current
    close(ends[0])
    close(supervisor)
    guard pid > 0 else { throw StepFailure(step: "fork", subject: "witness", errno: errno) }
    return WitnessProcess(pid: pid, socket: ends[1])
  }

  private static func become(_ plan: Plan, _ socket: Int32) -> Never {
    do throws(SystemError) {
      let life = StageProcess.control
      try keepOnly(socket, as: life)
      let (ordinary, examined) = try filter(of: plan)
      // Made before the filter forbids what it takes.
      guard !ObservedCall.byNumber.isEmpty, !ObservedCall.executing.isEmpty else {
        throw SystemError(step: "witness", subject: "calls to observe", errno: Errno(ENOSYS))
      }
      try confine(plan)
      let listener = Listener(raw: try receive(from: life))
      clinux_notification_prefer_same_cpu(listener.raw)
      var loop = WitnessLoop(
        listener: listener, life: life, supervisor: supervisor, ordinary: ordinary,
        examined: examined)
      try loop.run()
      _exit(0)
    } catch {
      let report = WitnessReport.failed(
        step: error.step, subject: error.subject, errno: error.errno.code)
      let frame = report.frame()
      _ = unsafe clinux_send(supervisor, frame, frame.count, 1)
      _exit(70)
    }
  }

  /// Above all neither the server's pipes, whose ends must be seen, nor the stage's control socket.
  private static func keepOnly(_ socket: Int32, as number: Int32) throws(SystemError) {
    try check("dup", "socket") { dup2(socket, number) }
    try check("close_range", "0 to 2") { clinux_close_range(0, 2, 0) }
    try check("close_range", "above \(supervisor)") {
      clinux_close_range(UInt32(supervisor) + 1, .max, 0)
    }
  }

  private static func filter(
    of plan: Plan
  ) throws(SystemError) -> (FilterProgram, ExaminedArguments) {
    for case .filterSystemCalls(let base, let allow, let deny) in plan.steps {
      return (
        try FilterProgram.ofServer(base, allow: allow, deny: deny),
        ExaminedArguments(base, allow: allow, deny: deny)
      )
    }
    throw SystemError(step: "witness", subject: "plan without a filter", errno: Errno(EINVAL))
  }

  private static func confine(_ plan: Plan) throws(SystemError) {
    try check("setfsuid", "\(plan.insideUID)") {
      clinux_set_file_identity(plan.insideUID, plan.insideGID)
    }
    let confinement = SelfConfinement(
      of: "witness",
      // To read the paths that the server names. It reaches no further than this user namespace.
      keeping: [.trace],
      limits: [
        .init("core", clinux_rlimit_core, 0), .init("processes", clinux_rlimit_nproc, 0),
        .init("open files", clinux_rlimit_nofile, 8),
        .init("locked memory", clinux_rlimit_memlock, 0),
        .init("address space", clinux_rlimit_as, 256 << 20),
      ],
      // Landlock lets nobody read the memory of a process that is not behind the same wall or one
      // within it, and the server has its own. The filter lets the witness open nothing.
      scopes: [], landlock: nil)
    try confinement.enter { () throws(SystemError) in try FilterProgram.witness.install() }
  }

  private static func receive(from socket: Int32) throws(SystemError) -> Int32 {
    var byte: UInt8 = 0
    var listener: Int32 = -1
    var count = 0
    let length = try check("receive", "listener") {
      unsafe clinux_receive_descriptors(socket, &byte, 1, &listener, 1, &count)
    }
    guard length == 1, count == 1 else {
      // The server's process ended before its filter; it says why itself.
      _exit(0)
    }
    return listener
  }
}

extension WitnessProcess {
  /// For the server's process: installs the filter so that it asks, and hands the listener over. The
  /// caller keeps neither.
  static func handOver(_ ordinary: FilterProgram, to socket: Int32) throws(SystemError) {
    // Until the witness has the listener nobody is there who could answer for the filter.
    for call in ["sendmsg", "brk", "mmap", "munmap", "mprotect", "madvise"] {
      guard let number = FilterProgram.number(of: call) else { continue }
      let answer = ordinary.answer(
        number: number, architecture: FilterProgram.architecture,
        arguments: [UInt64](repeating: 0, count: 6))
      guard answer == .allow else {
        throw SystemError(step: "witness", subject: "\(call) is denied", errno: Errno(EPERM))
      }
    }
    let listener = try ordinary.witnessed(observing: ObservedCall.numbers).listen()
    try listener.withRaw { (raw) throws(SystemError) in
      _ = try check("send", "listener") {
        unsafe clinux_send_descriptors(socket, [0], 1, [raw], 1)
      }
    }
    close(socket)
  }
}

extension FilterProgram {
  /// The program of a server, its problems as the stage tells them.
  static func ofServer(
    _ base: FilterBase, allow: [String], deny: [String]
  ) throws(SystemError) -> FilterProgram {
    do throws(FilterProblem) {
      return try .server(base, allow: allow, deny: deny)
    } catch {
      throw SystemError(step: "seccomp", subject: "\(error)", errno: Errno(EINVAL))
    }
  }
}
