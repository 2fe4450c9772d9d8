import Control
import Glibc
import Kernel
import Sandbox

/// What the relay reports, and what it is told.
extension Session {
  func readRelay() throws(SystemError) {
    for frame in try fromRelay.frames(from: relay.control, loop) {
      let report: RelayReport
      do throws(FrameError) {
        report = try RelayReport(frame)
      } catch {
        begin(.fault("the relay sent what it may not: \(error)"))
        return
      }
      try take(report)
    }
    if let fault = fromRelay.fault {
      begin(.fault("the relay sent what it may not: \(fault)"))
    } else if !fromRelay.isOpen && relayDeafSince == nil {
      // Usually the end of its process is the next thing to be told.
      relayDeafSince = Clock.monotonicNanoseconds()
    }
  }

  func take(_ report: RelayReport) throws(SystemError) {
    switch report {
    case .ready:
      relayIsReady = true
      progress("the relay is confined")
      try beginRelaying()
    case .failed(let step, let errno):
      // The machine lacks what the relay confines itself with: that is no launch.
      if !serverStarted { note(.notStarted(step: "relay", subject: step, errno: Errno(errno))) }
      begin(.fault("the relay could not confine itself: \(step): \(Errno(errno))"))
    case .item(let sequence, let kind, let name, let canonical):
      pins.collect(sequence: sequence, kind: kind, name: name, canonical: canonical)
    case .observed(let sequence, let kind, let present):
      pins.observe(sequence: sequence, kind: kind, present: present)
      try sendPins(sequence: sequence)
    case .event(let kind, let fields):
      pins.record(kind, fields)
    case .handshaken:
      handshaken = true
    case .lastWords(let words):
      if lastWords == nil { lastWords = words }
    case .hostClosed:
      begin(.hostClosed)
    case .finished:
      relayFinished = true
    }
  }

  /// The relay reads nobody's bytes before it knows the pins, and these come once the server runs:
  /// until then a launch that fails can still be the answer to the host's first request.
  func beginRelaying() throws(SystemError) {
    guard relayIsReady, !firstPinsSent else { return }
    if end?.isRefusal == true { return try refuseHost() }
    guard serverStarted else { return }
    firstPinsSent = true
    try sendPins(sequence: 0)
  }

  func sendPins(sequence: UInt64) throws(SystemError) {
    guard !relayEnded && fromRelay.isOpen else { return }
    try order(.pins(pins.snapshot(sequence: sequence)))
  }

  /// Nothing was started: the host's first request is answered with that.
  func refuseHost() throws(SystemError) {
    guard !firstPinsSent && fromRelay.isOpen else { return }
    firstPinsSent = true
    var refusal = launch.relay
    refusal.mode = .refuse(
      message: "the server was not started: \(end?.summary ?? "see standard error")",
      waitMilliseconds: isatty(0) == 1 ? 0 : 2000)
    try order(.configure(refusal))
  }

  /// Sends an order, or what waits of earlier ones. A relay that does not read makes nobody wait.
  func order(_ order: RelayOrder?) throws(SystemError) {
    do throws(SystemError) {
      try toRelay.send(order?.frame() ?? [], to: relay.control)
    } catch  where error.errno.code == ENOBUFS {
      begin(.fault("the relay stopped reading"))
    } catch  where error.errno.code == EPIPE || error.errno.code == ECONNRESET {
      // Its end comes as an event of its own.
      return
    }
    try relay.control.withRaw { (raw) throws(SystemError) in
      try loop.modify(
        raw, token: Token.relay.rawValue,
        interest: toRelay.isEmpty ? .readable : [.readable, .writable])
    }
  }

  func endOfRelay() throws(SystemError) {
    try readRelay()
    try relay.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let ended = try ChildEnd(waitingFor: relay.pid, "relay")
    relayEnded = true
    guard !stageEnded else { return }
    if relayFinished && ended.status == 0 && !ended.signalled {
      // The server closed its output but lives on: nobody can hear it.
      begin(.outputClosed)
    } else {
      begin(.fault("the relay ended: \(ended.signalled ? "signal" : "exit") \(ended.status)"))
    }
  }
}
