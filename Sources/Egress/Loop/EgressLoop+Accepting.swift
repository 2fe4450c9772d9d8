import CLinux
import Control
import Glibc
import Kernel

extension EgressLoop {
  /// Connections that were gone before they were accepted, until others have their turn.
  private static let turn = 16
  /// Nanoseconds without accepting, where descriptors or memory have run out.
  private static let pause: UInt64 = 100_000_000

  /// One connection at a time: epoll tells again of those that wait, and of what else has happened.
  mutating func accept(from listener: Listener) throws(SystemError) {
    guard let socket = acceptOne(from: listener) else { return }
    try take(socket, listener)
  }

  /// Nil once there is no more for now.
  mutating func acceptOne(from listener: Listener) -> OwnedDescriptor? {
    for _ in 0..<Self.turn {
      let raw = clinux_accept(listener.descriptor)
      guard raw < 0 else { return OwnedDescriptor(owning: raw) }
      switch Errno.current.code {
      case EAGAIN: return nil
      // Of this one connection, which was gone before it was accepted: accept(2).
      case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET,
        EOPNOTSUPP, ENOPROTOOPT, EPERM:
        continue
      default:
        pausedUntil = now + Self.pause
        return nil
      }
    }
    return nil
  }

  private mutating func take(
    _ socket: consuming OwnedDescriptor, _ listener: Listener
  ) throws(SystemError) {
    let endpoint: Endpoint
    do throws(SystemError) {
      endpoint = try Endpoint.destination(
        of: socket, redirected: listener.purpose == .redirected)
    } catch {
      // It has ended already, or was not redirected.
      return reset(socket)
    }
    let destination = destination(endpoint.address, listener)
    switch decide(destination, endpoint.port) {
    case .refused(let reason):
      reset(socket)
      refuse(EgressRefusal(reason, name: destination.text, port: endpoint.port))
    case .granted where live >= limits.connections:
      reset(socket)
      refuse(EgressRefusal(.connections, name: destination.text, port: endpoint.port))
    case .granted(let rule): try open(socket, destination, port: endpoint.port, rule)
    }
  }

  private func destination(_ address: IPAddress, _ listener: Listener) -> Destination {
    if listener.purpose == .loopback || address.isLoopback { return .loopback }
    return names.name(of: address).map { .name($0) } ?? .address(address)
  }

  private func decide(_ destination: Destination, _ port: UInt16) -> Allowlist.Decision {
    switch destination {
    case .name(let name): allowlist.decide(name: name, port: port)
    case .address(let address): allowlist.decide(address: address, port: port)
    case .loopback: allowlist.decide(loopback: port)
    }
  }

  private func reset(_ socket: consuming OwnedDescriptor) {
    // A socket that cannot be reset is closed all the same.
    _ = socket.withRaw { clinux_reset_on_close($0) }
  }

  mutating func refuse(_ refusal: EgressRefusal) {
    refusals.note(refusal, at: now)
    tellRefusals()
  }

  private mutating func open(
    _ socket: consuming OwnedDescriptor, _ destination: Destination, port: UInt16,
    _ rule: EgressRule
  ) throws(SystemError) {
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = free
    } else {
      slot = connections.count
      connections.append(nil)
    }
    let connection = Connection(
      slot: slot, serial: nextSerial(), inside: socket, destination: destination, port: port,
      rule: rule, at: now, deadline: now + UInt64(limits.openingSeconds) * 1_000_000_000)
    connections[slot] = connection
    live += 1
    nextDeadline = min(nextDeadline, connection.deadline)
    try epoll.add(
      connection.inside, token: Token.inside(slot, connection.serial).raw,
      interest: [.readable, .writable, .changes])
    try open(connection)
  }

  mutating func nextSerial() -> UInt32 {
    serial &+= 1
    return serial
  }
}
