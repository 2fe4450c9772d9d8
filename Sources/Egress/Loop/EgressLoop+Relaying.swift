import CLinux
import Control
import Glibc
import Kernel

extension EgressLoop {
  mutating func insideChanged(
    _ connection: Connection, _ event: EventLoop.Event
  ) throws(SystemError) {
    connection.sending.sourceChanged(event)
    connection.receiving.targetChanged(event)
    switch connection.phase {
    case .relaying: relay(connection)
    case .opening: try open(connection)
    case .resolving, .connecting: break
    }
    if event.hangUp { endIfLost(connection, connection.inside) }
  }

  mutating func outsideChanged(
    _ connection: Connection, _ serial: UInt32, _ event: EventLoop.Event
  ) throws(SystemError) {
    if case .connecting(let attempts) = connection.phase {
      return try attemptChanged(connection, attempts, serial, event)
    }
    guard let outside = connection.outside, outside.serial == serial else { return }
    connection.receiving.sourceChanged(event)
    connection.sending.targetChanged(event)
    relay(connection)
    if event.hangUp { endIfLost(connection, outside.socket) }
  }

  /// A peer that reset the connection takes nothing and has nothing more: what it sent before has been
  /// passed on as far as the other takes it.
  private mutating func endIfLost(_ connection: Connection, _ socket: Int32) {
    guard connections[connection.slot] === connection else { return }
    let errno = Errno(clinux_socket_error(socket))
    if errno.code != 0 { end(connection, .reset, errno) }
  }

  /// Carries what can be carried now.
  mutating func relay(_ connection: Connection) {
    guard let outside = connection.outside else { return }
    let before = connection.carried
    let (sent, received) = connection.relay(&pool)
    note(work: connection.carried - before)
    for outcome in [sent, received] {
      switch outcome {
      case .refused(let objection): return refuse(connection, objection)
      case .failed(let errno): return end(connection, .reset, errno)
      case .waiting, .hasMore, .ended: break
      }
    }
    if case .ended = sent, case .ended = received { return end(connection, .closed) }
    if case .ended = sent { shut(&connection.sending, outside.socket) }
    if case .ended = received { shut(&connection.receiving, connection.inside) }
    if case .hasMore = sent { queue(connection) }
    if case .hasMore = received { queue(connection) }
    let begins = connection.beginsToEnd()
    if begins || connection.carried != before { extendDeadline(of: connection) }
  }

  /// Passes on that there is no more to come.
  private func shut(_ flow: inout Flow, _ target: Int32) {
    guard !flow.isShut else { return }
    flow.isShut = true
    // A peer that is gone is told of by epoll.
    _ = shutdown(target, Int32(SHUT_WR))
  }

  private mutating func queue(_ connection: Connection) {
    guard !connection.isQueued else { return }
    connection.isQueued = true
    unfinished.append(connection)
  }

  mutating func resumeUnfinished() {
    guard !unfinished.isEmpty else { return }
    let turn = unfinished
    unfinished.removeAll(keepingCapacity: true)
    for connection in turn {
      if reports.isClosed { return }
      connection.isQueued = false
      if connections[connection.slot] === connection { relay(connection) }
    }
  }

  /// Something passed, or one side's end did.
  mutating func extendDeadline(of connection: Connection) {
    let idle = limits.idleSeconds > 0 ? limits.idleSeconds : .max
    let seconds = connection.isEnding ? min(limits.endingSeconds, idle) : idle
    connection.deadline = seconds < .max ? now + UInt64(seconds) * 1_000_000_000 : .max
    nextDeadline = min(nextDeadline, connection.deadline)
  }

  /// Ends what has waited too long, and finds the next deadline.
  mutating func expire() throws(SystemError) {
    nextDeadline = .max
    expireQuestioners()
    for case let connection? in connections {
      if connection.deadline <= now {
        expire(connection)
        continue
      }
      if case .connecting(let attempts) = connection.phase, let due = attempts.deadline {
        if due <= now {
          try dial(connection, attempts)
        } else {
          nextDeadline = min(nextDeadline, due)
        }
      }
      if connections[connection.slot] === connection {
        nextDeadline = min(nextDeadline, connection.deadline)
      }
    }
  }

  private mutating func expire(_ connection: Connection) {
    switch connection.phase {
    case .opening, .relaying: end(connection, .idle)
    case .resolving: end(connection, .unresolved)
    case .connecting(let attempts):
      end(connection, .unreachable, Errno(ETIMEDOUT), address: attempts.address)
    }
  }

  /// Ends a connection over what its client said. What had gone out before is told of as well.
  mutating func refuse(_ connection: Connection, _ objection: Objection) {
    refuse(
      EgressRefusal(
        objection.reason, name: connection.destination.text, port: connection.port,
        detail: objection.detail))
    if connection.outside == nil {
      remove(connection, byReset: true)
    } else {
      end(connection, .reset)
    }
  }

  /// - Parameter address: what was tried in vain; known where it was connected.
  mutating func end(
    _ connection: Connection, _ outcome: EgressConnection.Outcome, _ errno: Errno? = nil,
    address: IPAddress? = nil
  ) {
    tell(connection, outcome, errno, address: address)
    remove(connection, byReset: outcome != .closed)
  }

  mutating func tell(
    _ connection: Connection, _ outcome: EgressConnection.Outcome, _ errno: Errno? = nil,
    address: IPAddress? = nil
  ) {
    let report = connection.report(
      outcome, errno: errno?.code ?? 0, address: connection.outside?.address ?? address, at: now)
    reports.send(.connection(report), at: now)
  }

  mutating func remove(_ connection: Connection, byReset: Bool) {
    guard connections[connection.slot] === connection else { return }
    if byReset {
      // A socket that cannot be reset is closed all the same.
      _ = clinux_reset_on_close(connection.inside)
      for outside in connection.allOutside { _ = clinux_reset_on_close(outside.socket) }
    }
    if case .resolving = connection.phase { resolver.cancel(ticket: connection.ticket) }
    connection.giveBack(to: &pool)
    connections[connection.slot] = nil
    freeSlots.append(connection.slot)
    live -= 1
  }
}
