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
  /// The descriptors that the relay is started with.
  enum Descriptor {
    static let hostInput: Int32 = 0
    static let hostOutput: Int32 = 1
    static let hostError: Int32 = 2
    static let control: Int32 = 3
    static let serverInput: Int32 = 4
    static let serverOutput: Int32 = 5
    static let serverError: Int32 = 6
  }

  /// Why the loop ended.
  enum End: Equatable {
    /// Everything the server said has gone to the host.
    case finished
    case supervisorGone
  }

  let epoll: EventLoop
  var session: Session
  var control: ControlChannel
  var toHost: Sink
  var toServer = Sink(Descriptor.serverInput, style: .nonBlocking)
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
  var now: UInt64 = 0

  /// Queued bytes above which what feeds the queue is not handled further.
  static let highWater = 256 << 10
  /// Above this, nothing that could add to the queue is handled: replies of Cordon's own.
  static let hardWater = 4 << 20
  /// How long after the host's end what Cordon holds may still go to the server.
  static let closingGrace: UInt64 = 1_000_000_000
  /// Bytes of one descriptor that are read in one turn.
  static let turn = 1 << 20

  init(
    configuration: RelayConfiguration, control: consuming ControlChannel,
    epoll: consuming EventLoop,
    toHost: Sink, toHostError: Sink, redactor: Redactor, ownPrefix: String
  ) {
    session = Session(
      SessionSettings(
        serverName: configuration.serverName, messageSize: configuration.messageSize,
        notice: configuration.notice, digestArguments: configuration.digestArguments,
        ownPrefix: ownPrefix, redactor: redactor))
    self.control = control
    self.epoll = epoll
    self.toHost = toHost
    log = ServerLog(toHostError, redactor: redactor, server: configuration.serverName)
    hostLines = LineFramer(limit: configuration.messageSize)
    serverLines = LineFramer(limit: configuration.messageSize)
    watches = Watches()
  }

  /// - Throws: only where epoll itself fails.
  mutating func run() throws(SystemError) -> End {
    var events: [EventLoop.Event] = []
    while true {
      now = Clock.monotonicNanoseconds()
      passTime()
      flush()
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

  private var isDone: Bool { serverFinished && toHost.isEmpty }

  private mutating func handle(_ event: EventLoop.Event) {
    let isReadable = event.readable || event.hangUp
    switch Int32(truncatingIfNeeded: event.token) {
    case Descriptor.control:
      for order in control.receive() { obey(order) }
    case Descriptor.hostInput:
      if event.hangUp && watches.hostInput.hungUpIdle() {
        tellHostClosed()
      } else if isReadable {
        readHost()
      }
    case Descriptor.serverOutput:
      if event.hangUp && watches.serverOutput.hungUpIdle() { return }
      if isReadable { readServer() }
    case Descriptor.serverError: readLog()
    // Writable ones are flushed at the turn's end, whatever woke the loop.
    default: break
    }
    pump()
  }

  private mutating func obey(_ order: RelayOrder) {
    switch order {
    case .pins(let snapshot):
      session.receive(snapshot, at: now)
      isStarted = true
      carryOut(nil)
    case .closeServer:
      beginClosing()
    case .configure:
      // It comes once, before the loop; again, it is no order of this supervisor's.
      control.close()
    }
  }

  /// A regular file has no readiness: while it may be read, it is read in every turn.
  private mutating func readWhatIsAlwaysReady() {
    if watches.hostInput.isAlwaysReady && wantsHost {
      readHost()
      pump()
    }
  }

  private mutating func passTime() {
    if let deadline = session.deadline, now >= deadline {
      session.tick(at: now)
      carryOut(nil)
    }
    guard hostEnded, !serverInputClosed else { return }
    let isDrained = toServer.isEmpty && !session.isHolding && hostFinished
    if isDrained || now >= closing ?? .max {
      serverInputClosed = true
      toServer.breakOff()
      close(Descriptor.serverInput)
    }
  }

  /// Milliseconds until something is due; −1 for nothing.
  private var timeout: Int32 {
    if watches.hostInput.isAlwaysReady && wantsHost { return 0 }
    let due = [session.deadline, serverInputClosed ? nil : closing].compactMap { $0 }.min()
    guard let due else { return -1 }
    return due <= now ? 0 : Int32(min((due - now) / 1_000_000 + 1, 60_000))
  }
}
