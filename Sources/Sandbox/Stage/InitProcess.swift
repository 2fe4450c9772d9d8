import CLinux
import Confinement
import Control
import Glibc
import Kernel
import SystemCallFilter

/// The PID namespace's first process once the sandbox stands: starts the server, reaps what is
/// orphaned, passes signals on, and ends with the server, which ends everything inside.
enum InitProcess {
  private enum Token: UInt64 {
    case control, childSignal
  }

  static func run(_ plan: Plan, _ orders: SupervisorOrders) throws(StepFailure) -> Int32 {
    // Blocked before the fork, so that an early end of the server cannot be missed.
    let signals = OwnedDescriptor(
      owning: try SystemError.asFailure { () throws(SystemError) in
        let watched = [SIGCHLD]
        try check("signals", "SIGCHLD") { unsafe clinux_block_signals(watched, 1) }
        return try check("signalfd", "SIGCHLD") { unsafe clinux_signal_descriptor(watched, 1) }
      })
    let witness = plan.isWitnessed ? try WitnessProcess.start(plan) : nil
    let (server, line) = try start(plan, witness)
    let outcome = try SystemError.asFailure { () throws(SystemError) in
      try attend(server, witness, on: line, signals, plan, orders)
    }
    switch outcome {
    case .ended(let status): return status
    case .notStarted(let failure): throw failure
    }
  }

  private enum Outcome {
    case ended(Int32)
    case notStarted(StepFailure)
  }

  /// - Returns: the process that becomes the server, and the line to it: it waits there for this
  ///   process's confinement, and reports a failure.
  private static func start(
    _ plan: Plan, _ witness: WitnessProcess?
  ) throws(StepFailure) -> (server: Int32, line: Int32) {
    var ends: [Int32] = [-1, -1]
    try SystemError.asFailure { () throws(SystemError) in
      _ = try check("socketpair", "line to the server") { unsafe clinux_stream_pair(&ends) }
    }
    let pid = clinux_fork()
    if pid == 0 { ServerProcess(plan: plan, line: ends[1], witness: witness?.socket).become() }
    let errno = Errno.current
    close(ends[1])
    guard pid > 0 else { throw StepFailure(step: "fork", subject: "server", errno: errno) }
    // The server's pipes are the server's alone: its end must be seen as the end of its output.
    for number in Int32(0)...2 { close(number) }
    return (pid, ends[0])
  }

  /// Gives up what PID 1 needs no longer, lets the server's program run, and waits for its end.
  private static func attend(
    _ server: Int32, _ witness: WitnessProcess?, on raw: Int32,
    _ signals: borrowing OwnedDescriptor, _ plan: Plan, _ orders: SupervisorOrders
  ) throws(SystemError) -> Outcome {
    let line = OwnedDescriptor(owning: raw)
    let loop = try EventLoop()
    try loop.add(StageProcess.control, token: Token.control.rawValue, interest: .readable)
    try signals.withRaw { (raw) throws(SystemError) in
      try loop.add(raw, token: Token.childSignal.rawValue, interest: .readable)
    }
    // Looked at once the server has ended: what is full then may be why.
    let rooms = try Rooms(plan.writableFileSystems)
    try confine(hasLandlock: plan.hasLandlock)
    // Nothing hostile runs beside this process before it is confined, nor before the supervisor has
    // decided that it may.
    var orders = orders
    guard orders.waitForWord() else { return .ended(70) }
    do throws(SystemError) {
      try Files.write([1], to: line, subject: "line to the server")
    } catch  where error.errno.code == EPIPE {
      // The process failed on its way, and has said why.
    }
    let report = try Files.read(
      line, limit: Int(StageReport.longestFrame), subject: "server's report")
    guard report.isEmpty else { return .notStarted(failure(in: report)) }
    StageProcess.report(.started, to: StageProcess.control)
    let status = try wait(for: server, loop, signals, rooms, &orders)
    if let witness { try hearOut(witness, loop, signals, rooms) }
    return .ended(status)
  }

  /// Lets the witness send its totals: it ends once this socket has.
  private static func hearOut(
    _ witness: WitnessProcess, _ loop: borrowing EventLoop, _ signals: borrowing OwnedDescriptor,
    _ rooms: borrowing Rooms
  ) throws(SystemError) {
    close(witness.socket)
    // What the server left behind is signalled by the dozen, maybe; the time is bounded all the same.
    let end = Clock.monotonicNanoseconds() + UInt64(WitnessProcess.patience) * 1_000_000
    var events: [EventLoop.Event] = []
    while kill(witness.pid, 0) == 0 {
      let now = Clock.monotonicNanoseconds()
      guard now < end else { return }
      try loop.wait(into: &events, timeoutMilliseconds: Int32((end - now) / 1_000_000 + 1))
      // An order, or the supervisor's end: nothing is waited for any more.
      if events.contains(where: { $0.token == Token.control.rawValue }) { return }
      _ = signals.withRaw { clinux_read_signal($0) }
      _ = reap(0, rooms)
    }
  }

  private static func failure(in bytes: [UInt8]) -> StepFailure {
    var reader = FrameReader(limit: StageReport.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      if let frame = try reader.next(),
        case .failed(let step, let subject, let errno) = try StageReport(frame)
      {
        return StepFailure(step: step, subject: subject, errno: Errno(errno))
      }
    } catch {
      return StepFailure(step: "server", subject: "report: \(error)", errno: Errno(EPROTO))
    }
    return StepFailure(step: "server", subject: "report", errno: Errno(EPROTO))
  }

  private static func confine(hasLandlock: Bool) throws(SystemError) {
    let confinement = SelfConfinement(
      of: "PID 1",
      // The server has another UID, and is to be asked to end before it is killed. The capability
      // reaches no further than this user namespace.
      keeping: [.kill],
      // Signals go to the server, which is outside what this process restricts.
      scopes: .abstractSockets, landlock: hasLandlock ? .ofThisKernel() : nil)
    try confinement.enter { () throws(SystemError) in try FilterProgram.initProcess.install() }
  }

  private static func wait(
    for server: Int32, _ loop: borrowing EventLoop, _ signals: borrowing OwnedDescriptor,
    _ rooms: borrowing Rooms, _ orders: inout SupervisorOrders
  ) throws(SystemError) -> Int32 {
    var events: [EventLoop.Event] = []
    while true {
      try loop.wait(into: &events)
      for event in events {
        switch Token(rawValue: event.token) {
        case .childSignal:
          _ = signals.withRaw { clinux_read_signal($0) }
          if let status = reap(server, rooms) { return status }
        case .control:
          // The supervisor is gone: end, and with this process everything inside.
          guard let signals = orders.signals() else { return 70 }
          for signal in signals where kill(server, signal) != 0 {
            // A server that has just ended is no error: its end is the next thing to be told.
            if Errno.current.code != ESRCH { return 70 }
          }
        case nil: break
        }
      }
    }
  }

  /// Waits for every child that has ended. The server's end ends this process too.
  private static func reap(_ server: Int32, _ rooms: borrowing Rooms) -> Int32? {
    while true {
      var status: Int32 = 0
      var signalled: Int32 = 0
      let ended = unsafe clinux_wait(-1, &status, &signalled, 1)
      if ended <= 0 { return nil }
      guard ended == server else { continue }
      for path in rooms.full { StageProcess.report(.full(path: path), to: StageProcess.control) }
      StageProcess.report(
        .exited(status: status, signalled: signalled != 0), to: StageProcess.control)
      return signalled != 0 ? 128 + status : status
    }
  }
}
