import CLinux
import Control
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
    switch connection.destination {
    case .loopback: try connect(connection, [.v4(0x7F00_0001), .v6(0, 1)])
    case .address(let address): try connect(connection, [address])
    case .name: end(connection, .unresolved)
    }
  }

  /// - Parameter addresses: at least one, each of which may be connected to.
  mutating func connect(
    _ connection: Connection, _ addresses: [IPAddress]
  ) throws(SystemError) {
    try dial(connection, Attempts(addresses))
  }

  /// Begins what attempts are due.
  mutating func dial(_ connection: Connection, _ previous: Attempts) throws(SystemError) {
    var attempts = previous
    while let address = attempts.next(at: now) {
      let attempt: Attempt
      do throws(SystemError) {
        attempt = try Attempt(
          to: Endpoint(address, port: connection.port), serial: nextSerial())
      } catch {
        attempts.failed(address, error.errno)
        continue
      }
      try epoll.add(
        attempt.socket, token: Token.outside(connection.slot, attempt.serial).raw,
        interest: [.readable, .writable, .changes])
      attempts.began(attempt)
    }
    connection.phase = .connecting(attempts)
    if attempts.isExhausted {
      end(connection, .unreachable, attempts.failure?.errno, address: attempts.failure?.address)
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
      if errno.code != 0 {
        var attempts = attempts
        attempts.failed(attempt.address, errno)
        return try dial(connection, attempts)
      }
    }
    guard event.writable else { return }
    connection.connected(attempt)
    extendDeadline(of: connection)
    relay(connection)
  }
}
