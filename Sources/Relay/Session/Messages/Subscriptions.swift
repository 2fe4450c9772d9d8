import JSON
import MCP

/// A host's `subscriptions/listen` that is open.
struct Subscription {
  /// The changes that it asks for.
  let wants: [ListChange]
  /// Nothing may be sent on a subscription before it is acknowledged.
  var isAcknowledged = false
  /// Changes that came before the acknowledgement.
  var owes: Set<ListChange> = []
  /// The server does not know subscriptions: Cordon keeps this one open.
  var isServedHere = false

  init(filter: ObjectView?) {
    wants = ListChange.allCases.filter { filter?.isTrue($0.filter) ?? false }
  }
}

extension Session {
  /// Cordon tells changes on every subscription that asked for them, so the acknowledgement says so even
  /// where the server alone would not.
  mutating func acknowledge(_ message: Received) {
    guard let params = message.params, let meta = params.object("_meta"),
      let id = meta.id(MetaKey.subscriptionID),
      var subscription = subscriptions[id], !subscription.isAcknowledged
    else {
      toHost(message)
      return
    }
    let filter = params.object("notifications")
    let missing = subscription.wants.filter { !(filter?.isTrue($0.filter) ?? true) }
    if let filter, !missing.isEmpty {
      let yes = Array("true".utf8)
      let known = missing.filter { filter.member($0.filter) != nil }
      let newFilter = filter.rewritten(
        known.map { (filter.member($0.filter), yes) },
        adding: missing.filter { !known.contains($0) }.map { ($0.filter.string, yes) })
      let newParams = params.rewritten([(params.member("notifications"), newFilter)])
      send(message, replacing: "params", with: newParams)
    } else {
      toHost(message)
    }
    subscription.isAcknowledged = true
    tellOwed(&subscription, id)
    subscriptions[id] = subscription
  }

  private mutating func tellOwed(_ subscription: inout Subscription, _ id: MessageID) {
    for change in ListChange.allCases where subscription.owes.contains(change) {
      outputs.append(.host(Messages.changed(change, subscription: id)))
    }
    subscription.owes = []
  }

  /// A listen request is answered when its subscription ends, or at once with an error.
  mutating func answerListen(_ message: Received, _ request: HostRequest) {
    let id = request.id
    guard var subscription = subscriptions.removeValue(forKey: id) else {
      toHost(message)
      return
    }
    let error = ObjectView(message.line, message.envelope.error)
    guard error?.raw("code") == Array("-32601".utf8), !subscription.wants.isEmpty else {
      toHost(message)
      return
    }
    subscription.isServedHere = true
    subscription.isAcknowledged = true
    outputs.append(.host(Messages.acknowledged(subscription: id, subscription.wants)))
    tellOwed(&subscription, id)
    subscriptions[id] = subscription
    var kept = request
    kept.kind = .held
    fromHost.insert(kept, as: id)
  }

  /// Tells the host that a list it has seen is no longer the one it would get.
  mutating func tell(_ change: ListChange) {
    if handshake.isInitialized {
      outputs.append(.host(Messages.changed(change, subscription: nil)))
    }
    for (id, subscription) in subscriptions where subscription.wants.contains(change) {
      if subscription.isAcknowledged {
        outputs.append(.host(Messages.changed(change, subscription: id)))
      } else {
        subscriptions[id]?.owes.insert(change)
      }
    }
  }

  /// Sends a message of the server's with one member of its root replaced.
  mutating func send(_ message: Received, replacing key: JSONString, with value: [UInt8]) {
    guard let root = ObjectView(message.line, 0..<message.line.count) else { return }
    var line = root.rewritten([(root.member(key), value)])
    if !message.isOneLine { line = unsafe line.withUnsafeBytes { unsafe OneLine.rewrite($0) } }
    line.append(UInt8(ascii: "\n"))
    outputs.append(.host(line))
  }
}
