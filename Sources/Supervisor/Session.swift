import CLinux
import Confinement
import Control
import Glibc
import Kernel
import Sandbox

/// One running server, seen from its trusted half: starts stage and relay, waits for what they and
/// the kernel tell, and ends everything.
///
/// Single-threaded; every wait is the one of `run`.
final class Session {
  enum Token: UInt64 {
    case stage, stageEnd, relay, relayEnd, signals, store, witness, asker, egress, egressEnd
  }

  let launch: Launch
  /// The cgroups that the sandbox runs in; nil where there are none.
  let groups: ControlGroups?
  let pins: PinKeeper
  let tell: (SessionNotice) -> Void
  let loop: EventLoop
  let signals: OwnedDescriptor
  let stage: StartedPart
  let relay: StartedPart
  /// Where the server may connect to anything.
  let egress: EgressPost?
  /// What the relay has the host ask.
  var questions = QuestionBook()
  /// In a verbose launch.
  let witness: WitnessPost?
  /// Where the profile names a program that asks.
  let asker: AskerPost?
  var fromStage = Inbox(limit: StageReport.longestFrame)
  var fromRelay = Inbox(limit: RelayReport.longestFrame)
  var toRelay = Outbox()
  /// What the relay may have written, and until when it is not heard because it has used that up.
  var allowance = Allowance(now: Clock.monotonicNanoseconds())
  var relayPause: UInt64?
  /// The turn ended before the relay's frames did: the rest is here already.
  var relayWaits = false
  /// What the relay's socket is watched for at present; nil for nothing.
  private var watched: EventLoop.Interest?
  /// Ended helpers of the launch that are not reaped yet.
  var holders: [Int32] = []
  private let begun = Clock.monotonicNanoseconds()

  var teardown: Teardown?
  var serverStarted = false
  var handshaken = false
  var lastWords: LastWords?
  let activity: ServerActivity
  /// How often it was told that the server does not answer.
  var slowStarts = 0
  var slowStart: SlowStartWatch?
  var relayIsReady = false
  var serverMayRun = false
  var firstPinsSent = false
  var end: SessionEnd?
  var stageEnded = false
  var killedSandbox = false
  var relayEnded = false
  var relayFinished = false
  /// Since when a relay that runs on has had nothing more to say to the supervisor.
  var relayDeafSince: UInt64?
  /// When the stage must have ended, which has reported its end or has closed its socket.
  var stageDue: UInt64?
  /// When to stop waiting for what does not come by itself.
  var lastWait: UInt64?
  /// Why it ended has been told.
  var hitLimit = false
  /// File systems of the sandbox's that were full at the server's end.
  var full: [String] = []
  /// Whether a person sits where a host would: asked while standard input is still here.
  let isAtTerminal = isatty(0) == 1
  private let kept: [PathRule]
  private let sweep: () -> Void

  /// The first answer to the relay, looked up while there is time; nil once the store has changed.
  var firstPins: PinSnapshot?

  /// Goes on from a beginning whose sandbox is being built.
  ///
  /// - Parameters:
  ///   - kept: the paths that this process still needs once both run.
  ///   - sweep: clears away what supervisors left that were killed.
  init(
    _ beginning: Beginning, _ launch: Launch, pins: PinKeeper, keeping kept: [PathRule],
    tell: @escaping (SessionNotice) -> Void, sweep: @escaping () -> Void
  ) throws(SystemError) {
    self.launch = launch
    self.kept = kept
    groups = beginning.groups
    self.sweep = sweep
    self.pins = pins
    self.tell = tell
    loop = try EventLoop()
    let watched = [SIGINT, SIGTERM, SIGHUP]
    // What a broken pipe or a limit on files does is told by errno, where it happens.
    try check("signals", "block") { unsafe clinux_block_signals(watched + [SIGPIPE, SIGXFSZ], 5) }
    signals = OwnedDescriptor(
      owning: try check("signalfd", "open") { unsafe clinux_signal_descriptor(watched, 3) })

    let building = try beginning.take()
    if launch.plan.isWitnessed, let socket = building.witness {
      witness = try WitnessPost(launch, pins, tell, on: socket)
    } else {
      witness = nil
    }
    asker = launch.asker.map { AskerPost($0, pins, tell) }
    holders = building.holders
    activity = ServerActivity(stage: building.stage.pid, groups)
    stage = building.stage
    relay = building.relay
    if let configuration = launch.egress, let part = building.egress {
      let post = EgressPost(
        part, EgressBook(tell: tell, record: { pins.record($0) }))
      try post.send(configuration)
      egress = post
    } else {
      egress = nil
    }
    do throws(SystemError) {
      try Files.write(
        RelayOrder.configure(launch.relay).frame(), to: relay.control, subject: "relay")
    } catch {
      // A relay that ended before its exec says why.
      try relay.confirm()
      throw error
    }
    progress(
      "stage \(stage.pid) has identity maps: the server is uid \(launch.identity.server.uid)")
    progress(
      "the plan is sent: \(launch.plan.steps.count) steps, \(launch.plan.sources.count) mounts")
    progress("relay \(relay.pid) starts")
    if let egress { progress("egress process \(egress.part.pid) starts") }
    try stage.confirm()
    try relay.confirm()
    try egress?.part.confirm()
    try launch.sweeper?.watch(stage.pidfd)
    try watch()
    firstPins = pins.snapshot(sequence: 0)
  }

  private func watch() throws(SystemError) {
    try add(stage.control, .stage)
    try add(stage.pidfd, .stageEnd)
    try watchRelay()
    try add(relay.pidfd, .relayEnd)
    try watchEgress()
    try add(signals, .signals)
    try loop.add(pins.changes, token: Token.store.rawValue, interest: .readable)
    try witness?.watch(loop, token: Token.witness.rawValue)
    try asker?.watch(loop, token: Token.asker.rawValue)
  }

  private func add(_ descriptor: borrowing OwnedDescriptor, _ token: Token) throws(SystemError) {
    try descriptor.withRaw { (raw) throws(SystemError) in
      try loop.add(raw, token: token.rawValue, interest: .readable)
    }
  }

  /// Waits until all parts have ended.
  func run() -> SessionEnd {
    // Both parts have their work now, and this process none: later it could reach nobody else's.
    sweep()
    confine()
    do throws(SystemError) {
      var events: [EventLoop.Event] = []
      while !(stageEnded && relayEnded && egress?.hasEnded ?? true) {
        try loop.wait(into: &events, timeoutMilliseconds: timeout())
        for event in events { try handle(event) }
        if relayWaits { try readRelay() }
        if witness?.hasMore == true { try readWitness() }
        if egress?.hasMore == true { try readEgress() }
        try asker?.rewatch(loop, token: Token.asker.rawValue)
        reapHolders()
        try takeMeasures()
      }
      try witness?.close(loop)
      return result()
    } catch {
      // Nobody watches the parts any more.
      killSandbox()
      return .fault("\(error)")
    }
  }

  /// Only now: what is not dumpable can have no map written by an ordinary user, and everything that
  /// is started has been.
  private func confine() {
    // A failure that is told later is explained by the machine, not by our own walls.
    _ = MachineFacts.here
    do throws(SystemError) {
      try SupervisorConfinement.enter(
        keeping: try SupervisorConfinement.capabilities(for: groups), reaching: kept,
        landlock: launch.plan.hasLandlock ? .ofThisKernel() : nil)
    } catch {
      note(.notStarted(step: error.step, subject: error.subject, errno: error.errno))
      killSandbox()
    }
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
      if pins.drainChanges() {
        asker?.checkCurrent()
        firstPins = nil
        if firstPinsSent { try sendPins(sequence: 0) }
      }
    case .witness:
      try readWitness()
    case .asker:
      try asker?.handle(event, loop)
    case .egress: try readEgress()
    case .egressEnd: try endOfEgress()
    case nil: break
    }
  }

  private func readWitness() throws(SystemError) {
    try witness?.read(loop, isExpectedToGoOn: end == nil && teardown == nil && !stageEnded)
  }

  /// Watches the relay's socket for what it is worth at present.
  func watchRelay() throws(SystemError) {
    var interest: EventLoop.Interest? = nil
    if fromRelay.isOpen, relayPause == nil {
      interest = toRelay.isEmpty ? .readable : [.readable, .writable]
    }
    guard interest != watched else { return }
    let before = watched
    watched = interest
    try relay.control.withRaw { (raw) throws(SystemError) in
      let token = Token.relay.rawValue
      switch (before, interest) {
      case (nil, let interest?): try loop.add(raw, token: token, interest: interest)
      case (_, let interest?): try loop.modify(raw, token: token, interest: interest)
      case (_, nil): try loop.remove(raw)
      }
    }
  }

  /// Tells how far the launch has come, where somebody wants to know.
  func progress(_ text: @autoclosure () -> String) {
    guard launch.isVerbose else { return }
    let milliseconds = Double((Clock.monotonicNanoseconds() - begun) / 10_000) / 100
    tell(.progress("\(milliseconds) ms: \(text())"))
  }
}
