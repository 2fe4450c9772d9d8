import Control
import Credentials
import Glibc
import Kernel
import MCP

/// Moves lines between the host and the server as the session decides: one epoll loop, one thread.
///
/// A line is read, judged and written in one turn, without another wait in between. Queues are
/// bounded by back-pressure: while a side does not take what it is sent, the other is not read.
struct RelayLoop: ~Copyable {
  /// Why the loop ended.
  enum End: Equatable {
    /// Everything the server said has gone to the host.
    case finished
    case supervisorGone
    /// The server could not be started after all: the host is to be told why.
    case refused(message: String, milliseconds: Int)
  }

  let descriptors: Descriptors
  let epoll: EventLoop
  var session: Session
  var control: ControlChannel
  var toHost: Sink
  var toServer: Sink
  var log: ServerLog
  var hostLines: LineFramer
  var serverLines: LineFramer
  var watches: Watches

  /// No byte of host or server is read before the first pins are there.
  var isStarted = false
  /// Nothing more is read; what was read may still wait to be handled.
  var hostEnded = false
  var hostFinished = false
  var serverEnded = false
  var serverFinished = false
  var logEnded = false
  var serverInputClosed = false
  var toldHostClosed = false
  /// When the server's input is closed at the latest, after the host's end.
  var closing: UInt64?
  /// How the server ended, in the supervisor's words.
  var endOfServer: String?
  /// Until when these words are waited for.
  var explanationDue: UInt64?
  /// What the server left unanswered is answered.
  var saidEnd = false
  var skipped = Skipped()
  /// Bytes of the server's output by now.
  var outputTotal = 0
  /// When the memory of long lines is given back; nil where there is none.
  var shrinking: UInt64?
  var now: UInt64 = 0
  private var refused: End?

  /// Queued bytes above which what feeds the queue is not handled further.
  static let highWater = 256 << 10
  /// Above this, nothing that could add to the queue is handled: replies of Cordon's own.
  static let hardWater = 4 << 20
  /// How long after the host's end what Cordon holds may still go to the server.
  static let closingGrace: UInt64 = 1_000_000_000
  /// How long after the end of the server's output its requests wait for the reason.
  static let explanationGrace: UInt64 = 500_000_000
  /// Bytes of one descriptor that are read in one turn.
  static let turn = 1 << 20

  init(
    configuration: RelayConfiguration, control: consuming ControlChannel,
    epoll: consuming EventLoop,
    descriptors: Descriptors, redactor: Redactor, ownPrefix: String
  ) {
    session = Session(
      SessionSettings(
        serverName: configuration.serverName, messageSize: configuration.messageSize,
        limits: configuration.limits, notice: configuration.notice,
        digestArguments: configuration.digestArguments,
        ownPrefix: ownPrefix, redactor: redactor, rules: configuration.rules,
        withholdsResources: configuration.withholdResources,
        questionSeconds: configuration.questionSeconds))
    self.control = control
    self.epoll = epoll
    self.descriptors = descriptors
    toHost = Sink(hostDescriptor: descriptors.hostOutput)
    toServer = Sink(descriptors.serverInput, style: .nonBlocking)
    log = ServerLog(
      Sink(hostDescriptor: descriptors.hostError), redactor: redactor,
      server: configuration.serverName, perSecond: configuration.limits.standardError)
    let longest = min(configuration.messageSize, configuration.limits.lineSize)
    hostLines = LineFramer(limit: longest)
    serverLines = LineFramer(limit: longest)
    watches = Watches(descriptors)
  }

  /// - Throws: only where epoll itself fails.
  mutating func run() throws(SystemError) -> End {
    var events: [EventLoop.Event] = []
    while true {
      now = Clock.monotonicNanoseconds()
      try passTime()
      // Not only written: lines that waited for room are here already, and nothing else would tell of
      // them once there is some.
      pump()
      if let refused { return refused }
      if control.isClosed { return .supervisorGone }
      if isDone {
        sayLastWords()
        return .finished
      }
      try watch()
      try epoll.wait(into: &events, timeoutMilliseconds: timeout)
      now = Clock.monotonicNanoseconds()
      for event in events { handle(event) }
      readWhatIsAlwaysReady()
    }
  }

  private var isDone: Bool { serverFinished && saidEnd && toHost.isEmpty }

  private mutating func handle(_ event: EventLoop.Event) {
    let isReadable = event.readable || event.hangUp
    switch Watches.Name(rawValue: event.token) {
    case .control:
      for order in control.receive() { obey(order) }
    case .hostInput:
      if event.hangUp && watches.hostInput.hungUpIdle() {
        tellHostClosed()
      } else if isReadable {
        readHost()
      }
    case .serverOutput:
      if event.hangUp && watches.serverOutput.hungUpIdle() { return }
      if isReadable { readServer() }
    case .serverError: readLog()
    // Writable ones are flushed at the turn's end, whatever woke the loop.
    case .hostOutput, .hostError, .serverInput, nil: break
    }
    pump()
  }

  private mutating func obey(_ order: RelayOrder) {
    switch order {
    case .pins(let snapshot):
      session.receive(snapshot, at: now)
      isStarted = true
      carryOut(nil)
    case .question(let number, let text):
      session.receive(question: number, text, at: now)
      carryOut(nil)
    case .decided(let number):
      session.receive(decided: number, at: now)
      carryOut(nil)
    case .closeServer:
      beginClosing()
    case .serverEnded(let reason):
      endOfServer = reason
    case .configure(let configuration):
      // Before the first pins nothing was read, so the relay can still become a refusal.
      if !isStarted, case .refuse(let message, let milliseconds) = configuration.mode {
        refused = .refused(message: message, milliseconds: milliseconds)
      } else {
        control.close()
      }
    }
  }

  /// A regular file has no readiness: while it may be read, it is read in every turn.
  private mutating func readWhatIsAlwaysReady() {
    if watches.hostInput.isAlwaysReady && wantsHost {
      readHost()
      pump()
    }
  }

  private mutating func passTime() throws(SystemError) {
    if let deadline = session.deadline, now >= deadline {
      session.tick(at: now)
      carryOut(nil)
    }
    sayEndOfServer()
    shrinkWhenIdle()
    guard hostEnded, !serverInputClosed else { return }
    let isDrained = toServer.isEmpty && !session.isHolding && hostFinished
    if isDrained || now >= closing ?? .max {
      serverInputClosed = true
      toServer.breakOff()
      try watches.serverInput.set(nil, in: epoll)
      close(descriptors.serverInput)
    }
  }

  /// Milliseconds until something is due; −1 for nothing.
  private var timeout: Int32 {
    if watches.hostInput.isAlwaysReady && wantsHost { return 0 }
    var due = session.deadline ?? .max
    if let report = control.due, !control.isStuck(at: now) { due = min(due, report) }
    if let closing, !serverInputClosed { due = min(due, closing) }
    if let explanationDue, !saidEnd { due = min(due, explanationDue) }
    if let shrinking { due = min(due, shrinking) }
    guard due < .max else { return -1 }
    return due <= now ? 0 : Int32(min((due - now) / 1_000_000 + 1, 60_000))
  }
}
