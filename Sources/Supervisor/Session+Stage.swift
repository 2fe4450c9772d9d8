import Control
import Glibc
import Kernel
import Sandbox

/// What the stage tells: its failures, the server's start and its end.
extension Session {
  /// Nanoseconds between a stage's last word and the end of its process, and of all in it.
  private static let patience: UInt64 = 2_000_000_000

  func readStage() throws(SystemError) {
    guard fromStage.isOpen else { return }
    // A handful at most is ever taken: what comes behind the last word is a fault.
    while let frame = fromStage.next(from: stage.control) {
      do throws(FrameError) {
        try take(try StageReport(frame))
      } catch {
        fromStage.giveUp(error)
      }
    }
    if fromStage.fault != nil { begin(.fault("the stage sent what it may not")) }
    if serverStarted { try beginRelaying() }
    guard !fromStage.isOpen else { return }
    // Usually the end of its process is the next thing to be told.
    stageDue = stageDue ?? Clock.monotonicNanoseconds() + Self.patience
    try stage.control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
  }

  /// Takes a step's failure, or the server's start and then its end, and nothing else. PID 1 stands
  /// beside a hostile program from the start on.
  private func take(_ report: StageReport) throws(FrameError) {
    guard stageDue == nil else { throw .invalid("something behind its last word") }
    switch report {
    case .failed(let step, let subject, let errno):
      if serverStarted { throw .invalid("a step behind the server's start") }
      let missing = step == "execute" && [ENOENT, EACCES, ENOEXEC].contains(errno)
      note(
        missing
          ? .programNotFound(launch.plan.program.executable)
          : .notStarted(
            step: Notices.cut(step), subject: Notices.cut(subject), errno: Errno(errno)))
      stageDue = Clock.monotonicNanoseconds() + Self.patience
    case .started:
      if serverStarted { throw .invalid("a second start") }
      serverStarted = true
      progress("the server runs: every step is done and verified")
    case .full(let path):
      // Of the sandbox's own file systems each one once, behind the start and before the end.
      guard serverStarted, !full.contains(where: { Path.same($0, path) }),
        launch.plan.writableFileSystems.contains(where: { Path.same($0, path) })
      else { throw .invalid("what is not full") }
      full.append(path)
    case .exited(let status, let signalled):
      if !serverStarted { throw .invalid("an end without a start") }
      note(signalled ? .killed(signal: status) : .exited(status: status))
      stageDue = Clock.monotonicNanoseconds() + Self.patience
    }
  }

  func endOfStage() throws(SystemError) {
    // The report may still wait on the socket.
    try readStage()
    try stage.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let ended = try ChildEnd(waitingFor: stage.pid, "stage")
    stageEnded = true
    finishEgress()
    let hits = limitHits()
    // What this process killed says nothing of its own.
    if end == nil, !killedSandbox {
      let how = "\(ended.signalled ? "signal" : "exit") \(ended.status)"
      if serverStarted {
        note(ended.signalled ? .killed(signal: ended.status) : .fault("the stage ended: \(how)"))
      } else {
        note(
          hits.contains(where: \.isMemory)
            ? .notStarted(
              step: "limit", subject: "the memory does not hold the sandbox itself",
              errno: Errno(ENOMEM))
            : .notStarted(step: "stage", subject: how, errno: Errno(0)))
      }
    }
    tell(hits)
    try afterServer()
    try explainEnd(hits)
  }

  /// The server is gone: what it wrote still goes to the host, for as long as that takes a host
  /// that reads.
  func afterServer() throws(SystemError) {
    guard !relayEnded else { return }
    try beginRelaying()
    let patience: UInt64 =
      switch teardown?.cause {
      case .signal: 20_000_000
      case .hostClosed: 1_000_000_000
      default: 3_000_000_000
      }
    lastWait = Clock.monotonicNanoseconds() + patience
  }
}
