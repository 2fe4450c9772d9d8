import Control
import Glibc
import Kernel
import Sandbox

/// What the stage tells: its failures, the server's start and its end.
extension Session {
  func readStage() throws(SystemError) {
    for frame in try fromStage.frames(from: stage.control, loop) {
      guard let report = try? StageReport(frame) else {
        begin(.fault("the stage sent what it may not"))
        return
      }
      switch report {
      case .failed where serverStarted:
        // PID 1 stands beside a hostile program by now: this is no longer its to say.
        begin(.fault("the stage reported a step after the server had started"))
      case .failed(let step, let subject, let errno):
        let missing =
          step == "execute" && [ENOENT, EACCES, ENOEXEC].contains(errno)
        note(
          missing
            ? .programNotFound(launch.plan.program.executable)
            : .notStarted(step: step, subject: subject, errno: Errno(errno)))
      case .started:
        serverStarted = true
        try beginRelaying()
        progress("the server runs: every step is done and verified")
      case .full(let path):
        guard launch.plan.writableFileSystems.contains(where: { Path.same($0, path) }) else {
          begin(.fault("the stage sent what it may not: full"))
          return
        }
        full.append(path)
      case .exited(let status, let signalled):
        note(signalled ? .killed(signal: status) : .exited(status: status))
      }
    }
    if let fault = fromStage.fault { begin(.fault("the stage sent what it may not: \(fault)")) }
  }

  func endOfStage() throws(SystemError) {
    // The report may still wait on the socket.
    try readStage()
    try stage.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let ended = try ChildEnd(waitingFor: stage.pid, "stage")
    stageEnded = true
    let hits = limitHits()
    // What this process killed says nothing of its own.
    if end == nil, teardown == nil {
      note(
        ended.signalled && serverStarted
          ? .killed(signal: ended.status)
          : hits.contains(where: \.isMemory)
            ? .notStarted(
              step: "limit", subject: "the memory does not hold the sandbox itself",
              errno: Errno(ENOMEM))
            : .notStarted(
              step: "stage", subject: "\(ended.signalled ? "signal" : "exit") \(ended.status)",
              errno: Errno(0)))
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
