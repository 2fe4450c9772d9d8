import Control
import Kernel

/// A connection from inside, from its acceptance to its end. Its descriptors are closed with it.
final class Connection {
  enum Phase {
    /// Its first bytes are read, and judged before anything goes out.
    case opening
    case resolving
    case connecting(Attempts)
    case relaying
  }

  let slot: Int
  /// Tells its socket's events from those of earlier ones in the same slot.
  let serial: UInt32
  let destination: Destination
  let port: UInt16
  let rule: EgressRule
  let accepted: UInt64
  let inside: Int32
  private let insideOwner: OwnedDescriptor
  private(set) var outside: Attempt?

  var phase = Phase.opening
  var inspection: Inspection
  /// What goes out, and what comes back.
  var sending = Flow()
  var receiving = Flow()
  /// When something must have happened.
  var deadline: UInt64
  private var wasEnding = false
  /// It is in the list of those that go on without an event.
  var isQueued = false

  init(
    slot: Int, serial: UInt32, inside: consuming OwnedDescriptor, destination: Destination,
    port: UInt16, rule: EgressRule, at now: UInt64, deadline: UInt64
  ) {
    self.slot = slot
    self.serial = serial
    self.inside = inside.withRaw { $0 }
    insideOwner = inside
    self.destination = destination
    self.port = port
    self.rule = rule
    inspection = Inspection(rule, destination, port: port)
    accepted = now
    self.deadline = deadline
  }

  /// For the resolver.
  var ticket: UInt64 { UInt64(slot) << 32 | UInt64(serial) }

  func connected(_ attempt: Attempt) {
    outside = attempt
    phase = .relaying
  }

  /// Reads the first bytes. `hasEnded` of `sending` tells of a client that has no more.
  func open() -> Flow.Outcome { sending.read(from: inside) { inspection.client($0) } }

  /// Carries what can be carried, in both ways.
  func relay(_ pool: inout PipePool) -> (sending: Flow.Outcome, receiving: Flow.Outcome) {
    guard let outside else { return (.waiting, .waiting) }
    var received = Flow.Outcome.waiting
    if inspection.readsServer {
      received = receiving.pump(from: outside.socket, to: inside, awaitsOther: false) { bytes in
        var inspected = inspection.server(bytes)
        sending.release(inspected.released)
        if case .settled = inspected.verdict { inspection = .none }
        inspected.released = bytes.count
        return inspected
      }
    }
    if !inspection.readsServer {
      received = receiving.pump(from: outside.socket, to: inside, &pool)
    }
    if case .refused = received { return (.waiting, received) }
    let sent =
      inspection.isNone
      ? sending.pump(from: inside, to: outside.socket, &pool)
      : sending.pump(
        from: inside, to: outside.socket,
        awaitsOther: inspection.readsServer && !receiving.hasEnded
      ) { bytes in
        let inspected = inspection.client(bytes)
        if case .settled = inspected.verdict { inspection = .none }
        return inspected
      }
    return (sent, received)
  }

  /// What is connected outside, or being connected.
  var allOutside: [Attempt] {
    if case .connecting(let attempts) = phase { attempts.live } else { outside.map { [$0] } ?? [] }
  }

  /// The client may be gone: it says no more, or knows that the server does not.
  var isEnding: Bool { sending.isEnding || receiving.isShut }

  /// Whether it is ending, and was not the last time.
  func beginsToEnd() -> Bool {
    defer { wasEnding = isEnding }
    return isEnding && !wasEnding
  }

  /// Bytes in both ways.
  var carried: UInt64 { sending.total + receiving.total }

  func giveBack(to pool: inout PipePool) {
    sending.giveBack(to: &pool)
    receiving.giveBack(to: &pool)
  }

  func report(
    _ outcome: EgressConnection.Outcome, errno: Int32, address: IPAddress?, at now: UInt64
  ) -> EgressConnection {
    EgressConnection(
      name: destination.text, port: port, address: address, sent: sending.total,
      received: receiving.total, milliseconds: (now - accepted) / 1_000_000, outcome: outcome,
      errno: errno)
  }
}
