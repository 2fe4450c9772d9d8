import CLinux
import Control
import Glibc
import Kernel
import Sandbox

/// One running server, seen from its trusted half: starts stage and relay, waits for what they and
/// the kernel tell, and ends everything.
///
/// Single-threaded; every wait is the one of `run`.
final class Session {
  private enum Token: UInt64 {
    case stage, stageEnd, relay, relayEnd, signals, store
  }

  private let launch: Launch
  private let pins: PinKeeper
  private let tell: (SessionNotice) -> Void
  private let loop: EventLoop
  private let signals: OwnedDescriptor
  private let stage: StartedPart
  private let relay: StartedPart
  private var stageReports = FrameReader(limit: StageReport.longestFrame)
  private var relayReports = FrameReader(limit: RelayReport.longestFrame)

  private var outbox = Outbox()
  /// Ended helpers of the launch that are not reaped yet.
  private var holders: [Int32]
  private var stageSocketIsOpen = true
  private var relaySocketIsOpen = true

  private var teardown: Teardown?
  private var serverStarted = false
  private var handshaken = false
  private var relayIsReady = false
  private var firstPinsSent = false
  private var end: SessionEnd?
  private var stageEnded = false
  private var relayEnded = false
  private var relayFinished = false
  /// When to stop waiting for what does not come by itself.
  private var lastWait: UInt64?

  /// Starts the parts side by side.
  init(
    _ launch: Launch, pins: PinKeeper, tell: @escaping (SessionNotice) -> Void
  ) throws(SystemError) {
    self.launch = launch
    self.pins = pins
    self.tell = tell
    loop = try EventLoop()
    let watched = [SIGINT, SIGTERM, SIGHUP]
    try check("signals", "block") { unsafe clinux_block_signals(watched + [SIGPIPE], 4) }
    signals = OwnedDescriptor(
      owning: try check("signalfd", "open") { unsafe clinux_signal_descriptor(watched, 3) })

    let launcher = try PartLauncher()
    let pipes = try ServerPipes()
    if launch.identity.mapper == .root {
      try pipes.give(to: launch.identity.server.uid, launch.identity.server.gid)
    }
    stage = try launcher.startStage(launch.identity, serverPipes: pipes.serverEnds)
    relay = try launcher.startRelay(as: launch.identity.relay, serverPipes: pipes.relayEnds)
    try Files.write(
      RelayOrder.configure(launch.relay).frame(), to: relay.control, subject: "relay")
    try launch.identity.writeMaps(of: stage.pid)
    try stage.open()
    // While it executes this program again its sources are opened here.
    holders = try stage.send(launch.plan, for: launch.identity)
    try stage.confirm()
    try relay.confirm()
    // Only now: what is not dumpable can have no map written by an ordinary user.
    try check("prctl", "PR_SET_DUMPABLE") { clinux_not_dumpable() }
    try watch()
  }

  private func watch() throws(SystemError) {
    try add(stage.control, .stage)
    try add(stage.pidfd, .stageEnd)
    try add(relay.control, .relay)
    try add(relay.pidfd, .relayEnd)
    try add(signals, .signals)
    try loop.add(pins.changes, token: Token.store.rawValue, interest: .readable)
  }

  private func add(_ descriptor: borrowing OwnedDescriptor, _ token: Token) throws(SystemError) {
    try descriptor.withRaw { (raw) throws(SystemError) in
      try loop.add(raw, token: token.rawValue, interest: .readable)
    }
  }

  /// Waits until both parts have ended.
  func run() throws(SystemError) -> SessionEnd {
    var events: [EventLoop.Event] = []
    while !(stageEnded && relayEnded) {
      try loop.wait(into: &events, timeoutMilliseconds: timeout())
      for event in events { try handle(event) }
      reapHolders()
      try takeMeasures()
    }
    return result()
  }

  private func handle(_ event: EventLoop.Event) throws(SystemError) {
    switch Token(rawValue: event.token) {
    case .stage: try readStage()
    case .stageEnd: try endOfStage()
    case .relay:
      if event.writable { try order(nil) }
      if event.readable || event.hangUp { try readRelay() }
    case .relayEnd: try endOfRelay()
    case .signals:
      let number = signals.withRaw { clinux_read_signal($0) }
      if number > 0 { begin(.signal(number)) }
    case .store:
      pins.drainChanges()
      if firstPinsSent { try sendPins(sequence: 0) }
    case nil: break
    }
  }

  // MARK: The stage

  private func readStage() throws(SystemError) {
    guard stageSocketIsOpen else { return }
    guard let frames = receive(stage.control, &stageReports) else {
      stageSocketIsOpen = false
      try stage.control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
      return
    }
    for frame in frames {
      guard let report = try? StageReport(frame) else {
        begin(.relayEnded("the stage sent what it may not"))
        return
      }
      switch report {
      case .failed(let step, let subject, let errno):
        let missing =
          step == "execute" && !serverStarted && [ENOENT, EACCES, ENOEXEC].contains(errno)
        note(
          missing
            ? .programNotFound(launch.plan.program.executable)
            : .notStarted(step: step, subject: subject, errno: Errno(errno)))
      case .started:
        serverStarted = true
        try beginRelaying()
        tell(.progress("the server runs"))
      case .exited(let status, let signalled):
        note(signalled ? .killed(signal: status) : .exited(status: status))
      }
    }
  }

  private func endOfStage() throws(SystemError) {
    // The report may still wait on the socket.
    try readStage()
    try stage.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let (status, signalled) = try wait(for: stage.pid)
    stageEnded = true
    if end == nil {
      note(
        signalled && serverStarted
          ? .killed(signal: status)
          : .notStarted(
            step: "stage", subject: "\(signalled ? "signal" : "exit") \(status)", errno: Errno(0)))
    }
    try afterServer()
  }

  /// The server is gone: what it wrote still goes to the host, for as long as that takes a host
  /// that reads.
  private func afterServer() throws(SystemError) {
    guard !relayEnded else { return }
    try beginRelaying()
    let patience: UInt64 =
      switch teardown?.cause {
      case .signal: 20_000_000
      default: 3_000_000_000
      }
    lastWait = Clock.monotonicNanoseconds() + patience
  }

  // MARK: The relay

  private func readRelay() throws(SystemError) {
    guard relaySocketIsOpen else { return }
    guard let frames = receive(relay.control, &relayReports) else {
      relaySocketIsOpen = false
      try relay.control.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
      return
    }
    for frame in frames {
      guard let report = try? RelayReport(frame) else {
        begin(.relayEnded("the relay sent what it may not"))
        return
      }
      try take(report)
    }
  }

  private func take(_ report: RelayReport) throws(SystemError) {
    switch report {
    case .ready:
      relayIsReady = true
      try beginRelaying()
    case .failed(let step, let errno):
      begin(.relayEnded("\(step): \(Errno(errno))"))
    case .item(let sequence, let kind, let name, let canonical):
      pins.collect(sequence: sequence, kind: kind, name: name, canonical: canonical)
    case .observed(let sequence, let kind, let present):
      pins.observe(sequence: sequence, kind: kind, present: present)
      try sendPins(sequence: sequence)
    case .event(let kind, let fields):
      pins.record(kind, fields)
    case .handshaken:
      handshaken = true
    case .hostClosed:
      begin(.hostClosed)
    case .finished:
      relayFinished = true
    }
  }

  /// The relay reads nobody's bytes before it knows the pins, and these come once the server runs:
  /// until then a launch that fails can still be the answer to the host's first request.
  private func beginRelaying() throws(SystemError) {
    guard relayIsReady, !firstPinsSent else { return }
    if end?.isRefusal == true { return try refuseHost() }
    guard serverStarted else { return }
    firstPinsSent = true
    try sendPins(sequence: 0)
  }

  private func sendPins(sequence: UInt64) throws(SystemError) {
    guard !relayEnded && relaySocketIsOpen else { return }
    try order(.pins(pins.snapshot(sequence: sequence)))
  }

  /// Nothing was started: the host's first request is answered with that.
  private func refuseHost() throws(SystemError) {
    guard !firstPinsSent && relaySocketIsOpen else { return }
    firstPinsSent = true
    var refusal = launch.relay
    refusal.mode = .refuse(
      message: "the server was not started: \(end?.summary ?? "see standard error")",
      waitMilliseconds: isatty(0) == 1 ? 0 : 2000)
    try order(.configure(refusal))
  }

  /// Sends an order, or what waits of earlier ones. A relay that does not read makes nobody wait.
  private func order(_ order: RelayOrder?) throws(SystemError) {
    do throws(SystemError) {
      try outbox.send(order?.frame() ?? [], to: relay.control)
    } catch  where error.errno.code == ENOBUFS {
      begin(.relayEnded("it stopped reading"))
    } catch  where error.errno.code == EPIPE || error.errno.code == ECONNRESET {
      // Its end comes as an event of its own.
      return
    }
    try relay.control.withRaw { (raw) throws(SystemError) in
      try loop.modify(
        raw, token: Token.relay.rawValue,
        interest: outbox.isEmpty ? .readable : [.readable, .writable])
    }
  }

  private func endOfRelay() throws(SystemError) {
    try readRelay()
    try relay.pidfd.withRaw { (raw) throws(SystemError) in try loop.remove(raw) }
    let (status, signalled) = try wait(for: relay.pid)
    relayEnded = true
    guard !stageEnded else { return }
    if relayFinished && status == 0 && !signalled {
      // The server closed its output but lives on: nobody can hear it.
      lastWait = Clock.monotonicNanoseconds() + Teardown.grace
    } else {
      begin(.relayEnded(signalled ? "signal \(status)" : "exit \(status)"))
    }
  }

  // MARK: The end

  /// The first cause counts, but a signal hurries what the host's end began.
  private func begin(_ cause: Teardown.Cause) {
    if let teardown, case .hostClosed = teardown.cause, cause != .hostClosed {
      self.teardown = Teardown(cause, now: Clock.monotonicNanoseconds())
    } else if teardown == nil {
      teardown = Teardown(cause, now: Clock.monotonicNanoseconds())
    }
  }

  private func takeMeasures() throws(SystemError) {
    let now = Clock.monotonicNanoseconds()
    for measure in teardown?.take(now: now) ?? [] {
      switch measure {
      case .terminateServer:
        if serverStarted && !stageEnded { try? stage.send(signal: SIGTERM) }
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

  /// PID 1's end is everybody's inside.
  private func killSandbox() {
    if !stageEnded { _ = stage.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) } }
  }

  private func timeout() -> Int32 {
    let dues = [teardown?.next, lastWait].compactMap { $0 }
    guard let due = dues.min() else { return -1 }
    let now = Clock.monotonicNanoseconds()
    return due <= now ? 0 : Int32(clamping: (due - now) / 1_000_000 + 1)
  }

  private func note(_ reason: SessionEnd) {
    if end == nil { end = reason }
  }

  private func result() -> SessionEnd {
    switch teardown?.cause {
    case .hostClosed:
      guard case .exited(let status) = end else { return .hostClosed(serverStatus: nil) }
      return .hostClosed(serverStatus: status)
    case .signal(let number): return .interrupted(signal: number)
    case .relayEnded(let reason):
      return end?.isRefusal == true ? end ?? .relayEnded(reason) : .relayEnded(reason)
    case nil: return end ?? .relayEnded("nothing was started")
    }
  }

  /// Whether the server answered a handshake: one that did not may lack a grant.
  var serverSpoke: Bool { handshaken }

  // MARK: The kernel

  private func reapHolders() {
    var status: Int32 = 0
    var signalled: Int32 = 0
    holders.removeAll { unsafe clinux_wait($0, &status, &signalled, 1) != 0 }
  }

  private func wait(for pid: Int32) throws(SystemError) -> (Int32, Bool) {
    var status: Int32 = 0
    var signalled: Int32 = 0
    try check("wait", "process \(pid)") { unsafe clinux_wait(pid, &status, &signalled, 0) }
    return (status, signalled != 0)
  }

  /// The frames that are complete by now; nil at the end of the socket, or for a frame that this
  /// protocol does not have.
  private func receive(
    _ control: borrowing OwnedDescriptor, _ reader: inout FrameReader
  ) -> [FrameFields]? {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = control.withRaw { unsafe recv($0, &chunk, chunk.count, Int32(MSG_DONTWAIT)) }
    if count < 0 { return Errno.current.code == EAGAIN || Errno.current.code == EINTR ? [] : nil }
    if count == 0 { return nil }
    reader.feed(chunk[..<count])
    var frames: [FrameFields] = []
    do throws(FrameError) {
      while let frame = try reader.next() { frames.append(frame) }
    } catch {
      return nil
    }
    return frames
  }
}

extension SessionEnd {
  /// Whether nothing of the server ever ran.
  var isRefusal: Bool {
    switch self {
    case .notStarted, .programNotFound: true
    case .exited, .killed, .hostClosed, .interrupted, .relayEnded: false
    }
  }

  /// The end in a few words, for messages and the audit log.
  public var summary: String {
    switch self {
    case .notStarted(let step, let subject, let errno):
      errno.code == 0 ? "\(step): \(subject)" : "\(step): \(subject): \(errno)"
    case .programNotFound(let path): "execute: \(path): not found inside the sandbox"
    case .exited(let status): "exit \(status)"
    case .killed(let signal): "signal \(signal)"
    case .hostClosed: "the host closed its end"
    case .interrupted(let signal): "signal \(signal)"
    case .relayEnded(let reason): "the relay ended: \(reason)"
    }
  }
}
