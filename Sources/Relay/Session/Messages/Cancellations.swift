import JSON
import MCP

/// `notifications/cancelled`, in both directions.
///
/// A request that was cancelled stays known, because its answer may be on its way: what comes late
/// passes, as it would without Cordon, and the other side ignores it.
extension Session {
  mutating func cancel(fromHost message: Received, at now: UInt64) {
    guard let id = message.params?.id("requestId") else {
      // Without an id it cancels nothing that is known here. Of one that is no id, such as 1.0, the
      // server might make a request that Cordon still waits for.
      if namesNoID(message) {
        refuse(.host, reason: "invalid-id", size: message.line.count)
      } else {
        toServer(message)
      }
      return
    }
    if isOwn(id) {
      refuse(.host, reason: "reserved-id", size: message.line.count)
      return
    }
    // The protocol says that it must not be: the handshake goes on.
    if isInitializing(id) {
      refuse(.host, reason: "initialize-cancelled", size: message.line.count)
      return
    }
    if dropHeld(id, at: now) { return }
    if dropAsked(id, outcome: "cancelled", at: now) {
      _ = fromHost.remove(id)
      return
    }
    if let subscription = subscriptions.removeValue(forKey: id), subscription.isServedHere {
      _ = fromHost.remove(id)
      return
    }
    cancelFromHost(id, at: now)
    toServer(message)
  }

  mutating func cancel(fromServer message: Received, at now: UInt64) {
    if let id = message.params?.id("requestId") {
      guard !isOwn(id) else {
        refuse(.server, reason: "reserved-id", size: message.line.count)
        return
      }
      _ = fromServer.cancel(id)
      // In the modern era a server ends a subscription so.
      if subscriptions.removeValue(forKey: id) != nil { cancelFromHost(id, at: now) }
    } else if namesNoID(message) {
      refuse(.server, reason: "invalid-id", size: message.line.count)
      return
    }
    toHost(message)
  }

  /// Whether there is something where an id should be; null is as good as nothing.
  private func namesNoID(_ message: Received) -> Bool {
    guard let member = message.params?.member("requestId") else { return false }
    return member.kind != .null
  }

  /// A request that Cordon holds is dropped: the server never saw it.
  private mutating func dropHeld(_ id: MessageID, at now: UInt64) -> Bool {
    guard let index = held.firstIndex(where: { $0.request.id == id }) else {
      return dropReadyList(id)
    }
    drop(held: index, outcome: "cancelled", at: now)
    _ = fromHost.remove(id)
    return true
  }

  private mutating func cancelFromHost(_ id: MessageID, at now: UInt64) {
    guard let call = fromHost.cancel(id)?.call else { return }
    audit(call, outcome: "cancelled", resultSize: 0, at: now)
  }

  /// Whether this is an `initialize` that has no answer yet, or one that waits for a decision.
  private func isInitializing(_ id: MessageID) -> Bool {
    let request = heldAnswer.flatMap { $0.request.id == id ? $0.request : nil } ?? fromHost[id]
    guard case .initialize = request?.kind else { return false }
    return true
  }
}
