import CLinux
public import Control
import Glibc
public import Kernel

/// Answers the sandbox's questions for names and carries its connections: one epoll loop, one
/// thread. Nothing runs and no timer is set while nothing is under way.
///
/// Memory is bounded by the number of connections: of each at most 256 KiB for what an inspection
/// holds back and has read of it, and in the kernel a pipe for each way, of 64 KiB (256 KiB for
/// sixteen at a time), beside the sockets' own buffers. A connection that is quiet holds none of it.
public struct EgressLoop: ~Copyable {
  let epoll: EventLoop
  let allowlist: Allowlist
  let limits: EgressLimits
  let listeners: [Listener]
  let policy: AddressPolicy
  let resolver: Resolver
  var routes: RouteLookup
  var names: PolicyNames
  var refusals = RefusalLog()
  var reports: ReportQueue
  var pool = PipePool()
  /// By the socket's serial number.
  var questioners: [UInt32: Questioner] = [:]

  /// By slot.
  var connections: [Connection?] = []
  var freeSlots: [Int] = []
  var live = 0
  /// Of the next socket.
  var serial: UInt32 = 0
  /// Not later than the first deadline of all connections.
  var nextDeadline = UInt64.max
  /// Connections that have more to carry than one turn's worth.
  var unfinished: [Connection] = []
  var now = Clock.monotonicNanoseconds()

  /// What was done since the supervisor was last looked for, in the bytes that it might have carried.
  private var work: UInt64 = 0
  private var isListening = true
  /// Until when nothing is accepted, for want of descriptors or memory.
  var pausedUntil: UInt64?
  private var watchesReports = false

  /// Call it before the process confines itself: it opens what can then no longer be opened.
  ///
  /// - Parameters:
  ///   - listeners: the sockets of the sandbox.
  ///   - control: the socket to the supervisor, which gets reports. It is not closed here.
  public init(
    _ configuration: EgressConfiguration, listeners: [Listener], control: Int32
  ) throws(SystemError) {
    // A peer that is gone is told by EPIPE, which every write here handles.
    _ = signal(SIGPIPE, SIG_IGN)
    let epoll = try EventLoop()
    let routes = try RouteLookup()
    let resolver = try Resolver()
    try epoll.add(
      resolver.withRaw { $0 }, token: Token.resolver.raw, interest: .readable)
    try epoll.add(control, token: Token.control.raw, interest: .readable)
    for (index, listener) in listeners.enumerated() {
      try Self.prepare(listener)
      try epoll.add(
        listener.descriptor, token: Token.listener(index).raw, interest: .readable)
    }
    self.epoll = epoll
    self.routes = routes
    self.resolver = resolver
    self.listeners = listeners
    allowlist = Allowlist(configuration.rules, denials: configuration.denials)
    policy = AddressPolicy(configuration.rules, allowlist)
    limits = configuration.limits
    names = PolicyNames(
      configuration.layout, allowlist, newNamesPerMinute: configuration.limits.newNamesPerMinute,
      answersV6: listeners.contains { $0.takesV6 })
    reports = ReportQueue(control)
  }

  private static func prepare(_ listener: Listener) throws(SystemError) {
    let descriptor = listener.descriptor
    let flags = try check("flags", "listener") { clinux_fcntl_int(descriptor, F_GETFL, 0) }
    try check("flags", "listener") { clinux_fcntl_int(descriptor, F_SETFL, flags | O_NONBLOCK) }
    if listener.purpose == .datagramNames {
      try check("socket option", "IP_PKTINFO") { clinux_tell_destination(descriptor) }
    } else {
      // What is accepted inherits it.
      try check("socket option", "TCP_NODELAY") { clinux_no_delay(descriptor) }
    }
  }

  /// Runs until the supervisor is gone, or has closed its way in: what is open then is reported as
  /// ended with the session, at once and whatever is still to be carried.
  ///
  /// - Throws: only where epoll itself fails.
  public mutating func run() throws(SystemError) {
    var events: [EventLoop.Event] = []
    while !reports.isClosed { try turn(&events) }
    sayLastWords()
  }

  /// Waits for what happens next, and does what it asks for.
  mutating func turn(_ events: inout [EventLoop.Event]) throws(SystemError) {
    now = Clock.monotonicNanoseconds()
    try passTime()
    reports.flush(at: now)
    if reports.isClosed { return }
    try watch()
    try epoll.wait(into: &events, timeoutMilliseconds: timeout)
    now = Clock.monotonicNanoseconds()
    for event in events {
      if reports.isClosed { return }
      try handle(event)
    }
    resumeUnfinished()
  }

  /// Work after which the supervisor is looked for: with many connections under way its end would
  /// otherwise be the last of many things to be told.
  private static let mostWork: UInt64 = 1 << 20
  /// What an event costs, whatever it carries.
  private static let workOfEvent: UInt64 = 16 << 10

  mutating func note(work more: UInt64) {
    work += more
    guard work >= Self.mostWork else { return }
    work = 0
    reports.look()
  }

  private mutating func handle(_ event: EventLoop.Event) throws(SystemError) {
    note(work: Self.workOfEvent)
    switch Token(raw: event.token) {
    case .control:
      if event.readable || event.hangUp { reports.look() }
      if event.writable { reports.becameWritable() }
    case .listener(let index): try serve(listeners[index])
    case .inside(let slot, let serial):
      guard let connection = connections[slot], connection.serial == serial else { return }
      try insideChanged(connection, event)
    case .outside(let slot, let serial):
      guard let connection = connections[slot] else { return }
      try outsideChanged(connection, serial, event)
    case .question(let serial): answer(serial)
    case .resolver: try resolverChanged()
    }
  }

  private mutating func serve(_ listener: Listener) throws(SystemError) {
    switch listener.purpose {
    case .datagramNames: answerDatagrams(listener)
    case .streamNames: try acceptQuestioners(listener)
    case .destination, .loopback, .redirected: try accept(from: listener)
    }
  }

  /// What is due.
  private mutating func passTime() throws(SystemError) {
    if let pausedUntil, now >= pausedUntil { self.pausedUntil = nil }
    if nextDeadline <= now { try expire() }
    if let deadline = resolver.deadline(at: now), deadline <= now { try resolverChanged() }
    if let deadline = refusals.deadline, now >= deadline { tellRefusals() }
  }

  mutating func tellRefusals() {
    for refusal in refusals.take(at: now) { reports.send(.refused(refusal), at: now) }
  }

  /// Tells the kernel what to wake for.
  private mutating func watch() throws(SystemError) {
    if watchesReports != reports.isStuck {
      watchesReports = reports.isStuck
      try epoll.modify(
        reports.descriptor, token: Token.control.raw,
        interest: watchesReports ? [.readable, .writable] : .readable)
    }
    let mayAccept = pausedUntil == nil && !reports.isFull
    guard mayAccept != isListening else { return }
    isListening = mayAccept
    for (index, listener) in listeners.enumerated() where listener.purpose != .datagramNames {
      try epoll.modify(
        listener.descriptor, token: Token.listener(index).raw,
        interest: isListening ? .readable : [])
    }
  }

  /// Milliseconds until something is due; −1 for nothing.
  private var timeout: Int32 {
    if !unfinished.isEmpty { return 0 }
    var due = nextDeadline
    if let report = reports.due, !reports.isStuck { due = min(due, report) }
    if let deadline = resolver.deadline(at: now) { due = min(due, deadline) }
    if let deadline = refusals.deadline { due = min(due, deadline) }
    if let pausedUntil { due = min(due, pausedUntil) }
    guard due < .max else { return -1 }
    return due <= now ? 0 : Int32(min((due - now) / 1_000_000 + 1, 3_600_000))
  }

  private mutating func sayLastWords() {
    now = Clock.monotonicNanoseconds()
    for case let connection? in connections { tell(connection, .ended) }
    for refusal in refusals.takeAll() { reports.send(.refused(refusal), at: now) }
    reports.drain()
    // Not before: the supervisor waits for the words, and not for a thousand sockets.
    for case let connection? in connections { remove(connection, byReset: true) }
  }
}
