import CLinux
import Control
import Glibc
import Kernel

/// The process that carries the server's connections, where it may have any: it is ready before the
/// server runs, and the session ends with it.
extension Session {
  /// Nanoseconds between the end of everything inside and the end of its process.
  private static let lastReports: UInt64 = 500_000_000
  /// Nanoseconds between a host's signal and that end: 15 ms before a host in a hurry kills.
  private static let afterSignal: UInt64 = 85_000_000
  /// The least of that where what is inside took its time to end.
  private static let leastReports: UInt64 = 20_000_000

  func watchEgress() throws(SystemError) {
    try egress?.watch(
      loop, control: Token.egress.rawValue, end: Token.egressEnd.rawValue)
  }

  func readEgress() throws(SystemError) {
    guard let egress, !egress.hasEnded else { return }
    switch try egress.read(loop, token: Token.egress.rawValue, cost: { pins.takeCost() }) {
    case .ready:
      progress("the egress process is confined")
      try letServerRun()
    case .failed(let step, let subject, let errno):
      let subject = pins.shown(subject)
      note(.notStarted(step: pins.shown(step), subject: subject, errno: errno))
      begin(.fault("the egress process could not start: \(pins.shown(step)): \(subject): \(errno)"))
    case .fault(let fault):
      begin(.fault("the egress process sent what it may not: \(pins.shown(fault))"))
    case nil: break
    }
  }

  func endOfEgress() throws(SystemError) {
    guard let egress, !egress.hasEnded else { return }
    let ended = try egress.end(loop, token: Token.egressEnd.rawValue)
    guard !stageEnded, !egress.isFinishing else { return }
    // Without it a server that may connect could not: half of what was granted is nothing to go on
    // with.
    let how = "\(ended.signalled ? "signal" : "exit") \(ended.status)"
    if !serverMayRun { note(.notStarted(step: "egress", subject: how, errno: Errno(0))) }
    begin(.fault("the egress process ended: \(how)"))
  }

  /// Everything inside has ended, or is about to.
  func finishEgress() {
    let now = Clock.monotonicNanoseconds()
    if let teardown, case .signal = teardown.cause {
      egress?.finish(by: max(teardown.begun + Self.afterSignal, now + Self.leastReports))
    } else {
      egress?.finish(by: now + Self.lastReports)
    }
  }

  func takeEgressMeasures(at now: UInt64) throws(SystemError) {
    guard let egress, !egress.hasEnded else { return }
    switch egress.passTime(at: now) {
    case .resume: try readEgress()
    case .isDeaf:
      begin(.fault("the egress process closed its control socket"))
      egress.kill()
    case nil: break
    }
  }
}
