import CLinux
import Glibc
import Kernel
import Sandbox

/// Ending everything, and in time.
extension Session {
  /// Nanoseconds between the end of a part's socket and the end of its process.
  private static let silence: UInt64 = 200_000_000

  /// The first cause counts, but a signal or a fault hurries what a closed end began.
  func begin(_ cause: Teardown.Cause) {
    switch cause {
    case .hostClosed, .outputClosed:
      // A server that has ended by itself is not ended by what comes after.
      guard end == nil, teardown == nil else { return }
    case .signal, .fault:
      switch teardown?.cause {
      case .signal, .fault: return
      case .hostClosed, .outputClosed, nil: break
      }
    }
    let now = Clock.monotonicNanoseconds()
    teardown = Teardown(cause, now: now)
    // The server is gone already, and only what it wrote is still on its way.
    if stageEnded, case .signal = cause { lastWait = now + 20_000_000 }
  }

  func takeMeasures() throws(SystemError) {
    let now = Clock.monotonicNanoseconds()
    if let since = relayDeafSince, !relayEnded, now >= since + Self.silence {
      relayDeafSince = nil
      begin(.fault("the relay closed its control socket"))
      lastWait = lastWait ?? now + Teardown.afterTerminate
    }
    if let due = relayPause, now >= due {
      relayPause = nil
      try readRelay()
    }
    if let due = stageDue, !stageEnded, now >= due {
      // A stage that lives on behind its last word holds the server's end back, or invented it.
      stageDue = nil
      if end == nil { begin(.fault("the stage closed its control socket")) }
      killSandbox()
    }
    try takeEgressMeasures(at: now)
    tellSlowStart(at: now)
    for measure in teardown?.take(now: now) ?? [] {
      switch measure {
      case .terminateServer:
        terminateServer()
      case .killSandbox:
        killSandbox()
      }
    }
    if let lastWait, now >= lastWait {
      self.lastWait = nil
      killSandbox()
      if !relayEnded { _ = relay.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) } }
    }
  }

  private func terminateServer() {
    guard serverStarted && !stageEnded else { return }
    do throws(SystemError) {
      try stage.send(signal: SIGTERM)
    } catch {
      // A stage that takes no order any more can still be killed.
      killSandbox()
    }
  }

  /// PID 1's end is everybody's inside.
  func killSandbox() {
    guard !stageEnded else { return }
    killedSandbox = true
    _ = stage.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) }
    groups?.kill()
    finishEgress()
  }

  func timeout() -> Int32 {
    if relayWaits || witness?.hasMore == true || egress?.hasMore == true { return 0 }
    let deaf = relayEnded ? nil : relayDeafSince.map { $0 + Self.silence }
    let stage = stageEnded ? nil : stageDue
    let dues = [
      teardown?.next, lastWait, deaf, stage, relayPause, slowStart?.due, egress?.nextDue,
    ].compactMap { $0 }
    guard let due = dues.min() else { return -1 }
    let now = Clock.monotonicNanoseconds()
    return due <= now ? 0 : Int32(clamping: (due - now) / 1_000_000 + 1)
  }

  func note(_ reason: SessionEnd) {
    guard end == nil else { return }
    end = reason
    // Told at once; the host's first request may be waited for after that.
    if reason.isRefusal { tell(.refused(reason)) }
  }

  func result() -> SessionEnd {
    switch teardown?.cause {
    case .hostClosed:
      guard case .exited(let status) = end else { return .hostClosed(serverStatus: nil) }
      return .hostClosed(serverStatus: status)
    case .signal(let number): return .interrupted(signal: number)
    case .fault(let reason):
      if let end, end.isRefusal { return end }
      return .fault(reason)
    case .outputClosed: return end ?? .fault("the server closed its output and did not end")
    case nil: return end ?? .fault("nothing was started")
    }
  }

  /// How it ended. A server that answered no handshake may lack a grant.
  func outcome(_ end: SessionEnd) -> SessionOutcome {
    let isEarly = !handshaken && end.isServersOwn
    return SessionOutcome(
      end: end, serverSpoke: handshaken, lastWords: isEarly ? lastWords : nil, hitLimit: hitLimit)
  }

  func reapHolders() {
    var status: Int32 = 0
    var signalled: Int32 = 0
    holders.removeAll { unsafe clinux_wait($0, &status, &signalled, 1) != 0 }
  }
}
