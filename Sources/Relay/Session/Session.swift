import Control
import Digest
import JSON
import MCP
import Manifest

/// The rules of the message path as a state machine: lines, decisions of a person and the passing
/// of time come in, outputs come out. It does no I/O and reads no clock.
///
/// The caller feeds one input, takes the outputs, and carries them out in order before the next.
/// A line is lent for the call alone. While `acceptsServer` is false no line of the server's may be
/// fed, so that nothing overtakes an answer that waits for a decision.
struct Session {
  let settings: SessionSettings
  let words: Words
  let rules: Attenuation
  var outputs: [Output] = []

  var pins = Pins() {
    didSet { if pins != oldValue { pinsNumber += 1 } }
  }
  /// How often they have changed: what was decided by them holds for as long as this is the same.
  private(set) var pinsNumber: UInt64 = 0
  var fromHost: PendingTable<HostRequest>
  var fromServer: PendingTable<ServerRequest>
  var clock = RequestClock()
  var firstAnswer = FirstAnswer()
  var flow: Flow
  var tallies: [Excess: Tally] = [:]

  var handshake = Handshake()
  var subscriptions: [MessageID: Subscription] = [:]
  var lists = ListStates()
  /// What the host lists of resources where these are only reported.
  var watched = ResourceWatch()
  var interfaces = InterfaceState()
  /// What waits for a list, in the order in which it came.
  var held: [Held] = []
  var heldBytes = 0
  /// A handshake's answer that waits for the decision about what it declares and instructs.
  var heldAnswer: HeldAnswer?
  /// The elements of a batch behind that answer; no longer together than one line.
  var heldElements: [[UInt8]] = []

  var asking = AskingState()

  /// The last observation that was reported; pins carry the number of the one they answer.
  var sequence: UInt64 = 0
  /// The next of Cordon's own requests.
  var ownNumber: UInt64 = 0
  var refusals: [RefusalKey: Refusals] = [:]
  /// Whose line over the size limit has not told its id yet, and what its beginning told.
  var unanswered: [Side: Remains] = [:]
  /// The digests of what was told to the audit log as withheld, once each. A digest stands for its
  /// kind too, and names may be long.
  var told: Set<[UInt8]> = []
  var noise = Noise()
  var denials = Denials()
  /// What a host declared in an earlier request, where nothing of it was to be taken out.
  var harmlessCapabilities: [UInt8] = []

  init(_ settings: SessionSettings) {
    self.settings = settings
    words = Words(server: settings.serverName)
    fromHost = PendingTable(capacity: settings.limits.pendingRequests)
    fromServer = PendingTable(capacity: settings.limits.pendingRequests)
    flow = Flow(settings.limits)
    rules = Attenuation(settings.rules)
  }

  /// False while an answer to a handshake waits for pins: what the server says next waits too.
  var acceptsServer: Bool { heldAnswer == nil }

  /// False while what is held for a list is as much as may be held.
  var acceptsHost: Bool { heldBytes <= settings.messageSize }

  /// Whether a line of this side may be fed now: it is accepted, and does not come too fast.
  func isReading(_ side: Side) -> Bool {
    switch side {
    case .host: flow.hostPause == nil && acceptsHost
    // Nothing overtakes answers that only wait for room.
    case .server: flow.serverPause == nil && acceptsServer && !lists.hasReady
    }
  }

  /// Whether something the host sent would still go to the server, were its input kept open.
  var isHolding: Bool { !held.isEmpty || heldAnswer != nil }

  /// The moment at which `tick` wants to be called, in nanoseconds of the caller's clock.
  var deadline: UInt64? {
    let first = min(
      listDeadline ?? .max, clock.deadline ?? .max, flow.deadline ?? .max,
      min(firstAnswer.deadline ?? .max, asking.deadline ?? .max))
    return first < .max ? first : nil
  }

  mutating func tick(at now: UInt64) {
    flow.tick(at: now)
    expireRequests(at: now)
    if let seconds = firstAnswer.tick(at: now) { outputs.append(.slow(seconds: seconds)) }
    expireLists(at: now)
    expireQuestions(at: now)
  }

  /// Whether a request of the host's has no answer yet.
  var isAsking: Bool { fromHost.isWaitedFor }

  /// The server has ended: every request that it was to answer is answered with why. One that was
  /// cancelled must not be.
  mutating func giveUpAll(_ reason: String, at now: UInt64) {
    for (id, request, isCancelled) in fromHost.removeAll() {
      if !isCancelled {
        outputs.append(.host(Messages.error(id, code: -32603, message: reason)))
      }
      guard let call = request.call else { continue }
      audit(call, outcome: isCancelled ? "cancelled" : "unanswered", resultSize: 0, at: now)
    }
    // Among those was the one whose answer waits for a decision.
    heldAnswer = nil
    heldElements = []
    subscriptions = [:]
    endHeld(at: now)
  }

  /// The session ends: no call that the server was to answer goes missing from the audit log.
  mutating func end(at now: UInt64) {
    for (_, request, isCancelled) in fromHost.removeAll() {
      guard let call = request.call else { continue }
      audit(call, outcome: isCancelled ? "cancelled" : "unanswered", resultSize: 0, at: now)
    }
    endHeld(at: now)
    tellTallies()
  }

  private mutating func endHeld(at now: UInt64) {
    for entry in held {
      guard case .call(_, let call) = entry.wanted else { continue }
      audit(call, outcome: "unanswered", resultSize: 0, at: now)
    }
    held = []
    heldBytes = 0
    for kind in ListKind.allCases { lists[kind].ready = nil }
    endQuestions(at: now)
  }

  mutating func receive(_ snapshot: PinSnapshot, at now: UInt64) {
    pins = Pins(snapshot)
    if let answer = heldAnswer, snapshot.sequence >= answer.sequence {
      heldAnswer = nil
      finish(answer, at: now)
      receiveHeldElements(at: now)
    }
    for kind in ListKind.allCases { confirm(kind, through: snapshot.sequence, at: now) }
    confirmInterfaces(through: snapshot.sequence, at: now)
    withdrawQuestions()
    tellVisibleChange()
  }

  var limits: JSONLimits {
    var limits = JSONLimits(size: settings.messageSize)
    limits.depth = settings.limits.nesting
    return limits
  }

  /// Cordon's own sentence, while there is something to say.
  var sentence: String? {
    settings.notice && pins.waitingCount > 0 ? words.waiting(pins.waitingCount) : nil
  }

  mutating func report(_ kind: String, _ fields: [ControlField]) {
    outputs.append(.report(.event(kind: kind, fields: fields)))
  }

  /// Sends a message of the host's on, without a copy where it is the whole line as it stands.
  mutating func toServer(_ message: Received) {
    outputs.append(
      message.isWholeLine && message.isOneLine
        ? .forwardToServer : .server(message.line.terminated(isOneLine: message.isOneLine)))
  }

  mutating func toHost(_ message: Received) {
    outputs.append(
      message.isWholeLine && message.isOneLine
        ? .forwardToHost : .host(message.line.terminated(isOneLine: message.isOneLine)))
  }
}

/// One message and where it stands.
struct Received {
  let line: Line
  let envelope: Envelope
  /// False for an element of a batch.
  let isWholeLine: Bool
  /// The profile's rules about the protocol have been applied: this is what is left.
  let isAttenuated: Bool

  /// A request's parameters and its `_meta`, where they have been looked at: one look serves all.
  private(set) var opened: (params: ObjectView?, meta: ObjectView?)?

  init(line: Line, envelope: Envelope, isWholeLine: Bool, isAttenuated: Bool = false) {
    self.line = line
    self.envelope = envelope
    self.isWholeLine = isWholeLine
    self.isAttenuated = isAttenuated
  }

  var isRequest: Bool {
    guard case .request = envelope.kind else { return false }
    return true
  }

  mutating func open() {
    let params = params
    opened = (params, params?.object(MetaKey.meta))
  }

  var isOneLine: Bool { envelope.isOneLine }

  var params: ObjectView? {
    if let opened { return opened.params }
    return ObjectView(line, envelope.params)
  }
  var meta: ObjectView? {
    if let opened { return opened.meta }
    return params?.object(MetaKey.meta)
  }
  var result: ObjectView? { ObjectView(line, envelope.result) }

  /// A value as it stands, made safe to put on a line.
  func raw(_ range: Range<Int>) -> [UInt8] {
    guard !isOneLine else { return line.copy(range) }
    return unsafe OneLine.rewrite(UnsafeRawBufferPointer(rebasing: line.bytes[range]))
  }
}
