import Control
import JSON
import MCP

/// When the next request has waited long enough.
///
/// The requests themselves carry their moments; this only knows the first of them, or an earlier one
/// of a request that was answered meanwhile.
struct RequestClock {
  private(set) var deadline: UInt64?

  mutating func note(_ due: UInt64) {
    guard due < .max else { return }
    deadline = min(deadline ?? .max, due)
  }

  /// All are looked at when the first is due, and then not again before another part of the limit has
  /// passed: so a hundred times in a limit's length at most, however many requests wait.
  mutating func restart(first due: UInt64, limits shortest: UInt64, at now: UInt64) {
    deadline = due < .max ? max(due, now + shortest / 100) : nil
  }
}

extension Session {
  static let second: UInt64 = 1_000_000_000

  /// When a request has waited long enough.
  ///
  /// A subscription stays open for as long as both sides want it, and a task's result is asked for
  /// until the task is done: how many of them there are is bounded, not how long they last.
  func due(_ method: Method?, at now: UInt64) -> UInt64 {
    switch method {
    case .initialize, .discover: now + UInt64(settings.limits.handshake) * Session.second
    case .subscriptionsListen, .tasksResult: .max
    default: now + UInt64(settings.limits.request) * Session.second
    }
  }

  mutating func expireRequests(at now: UInt64) {
    guard let deadline = clock.deadline, now >= deadline else { return }
    for id in fromHost.overdue(at: now) { expireFromHost(id, at: now) }
    for id in fromServer.overdue(at: now) { expireFromServer(id) }
    let shortest = UInt64(min(settings.limits.handshake, settings.limits.request)) * Session.second
    clock.restart(
      first: min(fromHost.firstDue, fromServer.firstDue), limits: shortest, at: now)
  }

  /// The host gets an error instead, the server is told to stop, and an answer that comes late is
  /// thrown away. A handshake must not be cancelled.
  private mutating func expireFromHost(_ id: MessageID, at now: UInt64) {
    guard let request = fromHost[id] else { return }
    var bound = Bound.request
    var isCancelled = true
    switch request.kind {
    case .expired: return
    case .initialize, .discover:
      bound = .handshake
      isCancelled = false
    case .held:
      // It is Cordon that has it: the server does not know it, or has answered it already.
      if let index = held.firstIndex(where: { $0.request.id == id }) {
        drop(held: index, outcome: "timeout", at: now)
      } else if !dropAsked(id, outcome: "timeout", at: now) {
        return
      }
      isCancelled = false
    case .call(let call): audit(call, outcome: "timeout", resultSize: 0, at: now)
    case .plain, .listen, .interface, .resource, .page: break
    }
    note(bound, .server)
    outputs.append(
      .host(
        Messages.error(id, code: -32603, message: Words.unanswered(bound.name(settings)))))
    if isCancelled {
      outputs.append(.server(Messages.cancelled(id, reason: bound.name(settings))))
    }
    fromHost.abandon(id) { $0.kind = .expired }
  }

  private mutating func expireFromServer(_ id: MessageID) {
    guard let request = fromServer[id], !request.isExpired else { return }
    note(.request, .host)
    let name = Bound.request.name(settings)
    outputs.append(.server(Messages.error(id, code: -32603, message: Words.unanswered(name))))
    outputs.append(.host(Messages.cancelled(id, reason: name)))
    fromServer.abandon(id) { $0.isExpired = true }
  }
}
