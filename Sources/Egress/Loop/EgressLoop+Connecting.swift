import CLinux
import Control
import Glibc
import Kernel

extension EgressLoop {
  /// Reads the first bytes where they are to be read, and goes on once they may go out.
  mutating func open(_ connection: Connection) throws(SystemError) {
    guard !connection.inspection.isNone else { return try resolve(connection) }
    switch connection.open() {
    case .refused(let objection): refuse(connection, objection)
    case .failed(let errno): end(connection, .reset, errno)
    case .waiting, .hasMore, .ended:
      if connection.sending.holdsReleased {
        try resolve(connection)
      } else if connection.sending.hasEnded {
        end(connection, .closed)
      }
    }
  }

  private mutating func resolve(_ connection: Connection) throws(SystemError) {
    connection.deadline = now + UInt64(limits.openingSeconds) * 1_000_000_000
    connection.phase = .resolving
    switch connection.destination {
    case .loopback:
      // Few listen on ::1 alone, and a client does not choose: both exist inside.
      try dial(
        connection,
        Attempts(Dialer([.v4(0x7F00_0001), .v6(0, 1)], unreachable: [.v6(0, 1)])))
    case .address(let address): try connect(connection, [address])
    case .name(let name):
      resolver.resolve(name, ticket: connection.ticket, at: now)
      try takeAnswers()
    }
  }

  mutating func resolverChanged() throws(SystemError) {
    resolver.process(at: now)
    try takeAnswers()
  }

  private mutating func takeAnswers() throws(SystemError) {
    for answer in resolver.takeAnswers() {
      let slot = Int(answer.ticket >> 32)
      guard connections.indices.contains(slot), let connection = connections[slot],
        connection.ticket == answer.ticket
      else { continue }
      switch answer.result {
      case .success(let addresses): try connect(connection, addresses)
      case .failure: end(connection, .unresolved)
      }
    }
  }

  /// Connects to those of the addresses that may be connected to. What was answered before counts for
  /// nothing: each is judged now, as it is connected to.
  private mutating func connect(
    _ connection: Connection, _ addresses: [IPAddress]
  ) throws(SystemError) {
    var allowed: [IPAddress] = []
    var unreachable: Set<IPAddress> = []
    var refused: EgressRefusal?
    for address in addresses {
      let route = route(to: address)
      if let refusal = objection(to: address, route, connection) {
        refused = refused ?? refusal
        continue
      }
      allowed.append(address)
      if route == .unreachable { unreachable.insert(address) }
    }
    if allowed.isEmpty, let refused {
      refuse(refused)
      return remove(connection, byReset: true)
    }
    try dial(
      connection, Attempts(Dialer(allowed, unreachable: unreachable, errno: EHOSTUNREACH)))
  }

  private mutating func route(to address: IPAddress) -> Route? {
    // Without an answer no address passes for one of the internet.
    do throws(SystemError) { return try routes.route(to: address) } catch { return nil }
  }

  private func objection(
    to address: IPAddress, _ route: Route?, _ connection: Connection
  ) -> EgressRefusal? {
    func refusal(_ reason: EgressRefusal.Reason, _ detail: String) -> EgressRefusal {
      EgressRefusal(
        reason, name: connection.destination.text, port: connection.port,
        detail: Array(detail.utf8))
    }
    if policy.denies(address, port: connection.port) { return refusal(.denied, "\(address)") }
    let verdict = policy.verdict(
      address, port: connection.port, allowsPrivate: connection.rule.allowsPrivate, route: route)
    guard case .refused(let kind) = verdict else { return nil }
    return refusal(.resolved, "\(address) (\(kind.rawValue))")
  }

  /// Begins what attempts are due.
  mutating func dial(_ connection: Connection, _ previous: Attempts) throws(SystemError) {
    var attempts = previous
    while case .connect(let address) = attempts.next(at: now) {
      let attempt: Attempt
      do throws(SystemError) {
        attempt = try Attempt(
          to: Endpoint(address, port: connection.port), serial: nextSerial())
      } catch {
        attempts.failed(address, error.errno, at: now)
        continue
      }
      try epoll.add(
        attempt.socket, token: Token.outside(connection.slot, attempt.serial).raw,
        interest: [.readable, .writable, .changes])
      attempts.began(attempt)
    }
    connection.phase = .connecting(attempts)
    if attempts.live.isEmpty {
      end(connection, .unreachable, attempts.errno, address: attempts.address)
    } else if let deadline = attempts.deadline {
      nextDeadline = min(nextDeadline, deadline)
    }
  }

  mutating func attemptChanged(
    _ connection: Connection, _ attempts: Attempts, _ serial: UInt32, _ event: EventLoop.Event
  ) throws(SystemError) {
    guard let attempt = attempts.live.first(where: { $0.serial == serial }) else { return }
    if event.hangUp {
      let errno = Errno(clinux_socket_error(attempt.socket))
      // It was made, and reset before that was seen here: none that is refused ends so.
      if errno.code == ECONNRESET || errno.code == EPIPE {
        return end(connection, .reset, errno, address: attempt.address)
      }
      if errno.code != 0 {
        var attempts = attempts
        attempts.failed(attempt.address, errno, at: now)
        return try dial(connection, attempts)
      }
    }
    guard event.writable else { return }
    connection.connected(attempt)
    connection.receiving.awaitSource()
    connection.receiving.sourceChanged(event)
    extendDeadline(of: connection)
    relay(connection)
  }
}
