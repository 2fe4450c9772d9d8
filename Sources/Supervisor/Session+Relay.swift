import Control
import Glibc
import Kernel
import Sandbox

/// What the relay reports, and what it is told.
extension Session {
  /// Nanoseconds for what one part sends, until the others have their turn.
  private static let turn: UInt64 = 10_000_000
  /// Nanoseconds for what a relay that has ended still had to say.
  private static let lastTurn: UInt64 = 200_000_000
  /// Bytes charged for a frame, whatever it holds.
  private static let frameCost = 64

  func readRelay() throws(SystemError) {
    guard relayPause == nil else { return }
    let end = Clock.monotonicNanoseconds() + Self.turn
    relayWaits = false
    while let now = try takeFrame() {
      if let due = allowance.due(now: now) {
        relayPause = due
        break
      }
      if now >= end {
        relayWaits = fromRelay.hasFrame
        break
      }
    }
    try watchRelay()
    guard relayPause == nil && !relayWaits else { return }
    if let fault = fromRelay.fault {
      begin(.fault("the relay sent what it may not: \(pins.shown("\(fault)"))"))
    } else if !fromRelay.isOpen && relayDeafSince == nil {
      // Usually the end of its process is the next thing to be told.
      relayDeafSince = Clock.monotonicNanoseconds()
    }
  }

  /// - Returns: the time after the next frame was taken; nil where there was none to take.
  private func takeFrame() throws(SystemError) -> UInt64? {
    guard let frame = fromRelay.next(from: relay.control) else { return nil }
    let report: RelayReport
    do throws(FrameError) {
      report = try RelayReport(frame)
    } catch {
      fromRelay.giveUp(error)
      return nil
    }
    try take(report)
    let now = Clock.monotonicNanoseconds()
    allowance.charge(Self.frameCost + pins.takeCost(), now: now)
    return now
  }

  func take(_ report: RelayReport) throws(SystemError) {
    switch report {
    case .ready:
      relayIsReady = true
      progress("the relay is confined")
      try letServerRun()
      try beginRelaying()
    case .failed(let step, let errno):
      // The machine lacks what the relay confines itself with: that is no launch.
      if !serverStarted && !relayIsReady {
        note(.notStarted(step: "relay", subject: pins.shown(step), errno: Errno(errno)))
      }
      begin(
        .fault(
          relayIsReady
            ? "the relay sent what it may not: a step that failed: \(pins.shown(step))"
            : "the relay could not confine itself: \(pins.shown(step)): \(Errno(errno))"))
    case .item(let sequence, let kind, let name, let canonical):
      pins.collect(sequence: sequence, kind: kind, name: name, canonical: canonical)
    case .observed(let sequence, let kind, let present):
      pins.observe(sequence: sequence, kind: kind, present: present)
      try sendPins(sequence: sequence)
      asker?.offer(pins.takeWaiting())
    case .event(let kind, let fields):
      pins.record(kind, fields)
    case .handshaken:
      handshaken = true
    case .lastWords(let words):
      if lastWords == nil { lastWords = words }
    case .slow(let start):
      take(start)
    case .ask(let number, let item):
      try ask(number, item)
    case .answered(let number, let answer):
      try take(answer, to: number)
    case .hostClosed:
      begin(.hostClosed)
    case .finished:
      relayFinished = true
    }
  }

  /// By now the launch is approved and written down, and what will read the server's bytes confined:
  /// nothing of the server's has run before.
  func letServerRun() throws(SystemError) {
    guard relayIsReady, egress?.isReady ?? true, !serverMayRun, !stageEnded, end == nil,
      teardown == nil
    else { return }
    serverMayRun = true
    try stage.letServerRun()
  }

  /// The relay reads nobody's bytes before it knows the pins, and these come once the server runs:
  /// until then a launch that fails can still be the answer to the host's first request.
  func beginRelaying() throws(SystemError) {
    guard relayIsReady, !firstPinsSent else { return }
    if end?.isRefusal == true { return try refuseHost() }
    guard serverStarted else { return }
    firstPinsSent = true
    guard let pins = firstPins else { return try sendPins(sequence: 0) }
    try order(.pins(pins))
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
      waitMilliseconds: isAtTerminal ? 0 : 2000)
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
    try watchRelay()
  }

  func endOfRelay() throws(SystemError) {
    let last = Clock.monotonicNanoseconds() + Self.lastTurn
    while let now = try takeFrame(), now < last {}
    relayPause = nil
    relayWaits = false
    try watchRelay()
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
