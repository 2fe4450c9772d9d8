import JSON
import MCP

/// A host's `subscriptions/listen` that is open.
struct Subscription {
  var wantsTools: Bool
  /// Nothing may be sent on a subscription before it is acknowledged.
  var isAcknowledged = false
  /// A change that came before the acknowledgement.
  var owesChange = false
  /// The server does not know subscriptions: Cordon keeps this one open.
  var isServedHere = false
}

extension Session {
  /// Cordon tells tool changes on every subscription that asked for them, so the acknowledgement
  /// says so even where the server alone would not.
  mutating func acknowledge(_ message: Received) {
    guard let params = message.params, let meta = params.object("_meta"),
      let id = meta.id(MetaKey.subscriptionID),
      var subscription = subscriptions[id], !subscription.isAcknowledged
    else {
      toHost(message)
      return
    }
    let filter = params.object("notifications")
    if subscription.wantsTools, let filter, !filter.isTrue("toolsListChanged") {
      let known = filter.member("toolsListChanged")
      let yes = Array("true".utf8)
      let newFilter = filter.rewritten(
        [(known, yes)], adding: known == nil ? [("toolsListChanged", yes)] : [])
      let newParams = params.rewritten([(params.member("notifications"), newFilter)])
      send(message, replacing: "params", with: newParams)
    } else {
      toHost(message)
    }
    subscription.isAcknowledged = true
    if subscription.owesChange {
      outputs.append(.host(Messages.toolsChanged(subscription: id)))
    }
    subscription.owesChange = false
    subscriptions[id] = subscription
  }

  /// A listen request is answered when its subscription ends, or at once with an error.
  mutating func answerListen(_ message: Received, _ request: HostRequest) {
    let id = request.id
    guard var subscription = subscriptions.removeValue(forKey: id) else {
      toHost(message)
      return
    }
    let error = ObjectView(message.line, message.envelope.error)
    guard error?.raw("code") == Array("-32601".utf8), subscription.wantsTools else {
      toHost(message)
      return
    }
    subscription.isServedHere = true
    subscription.isAcknowledged = true
    outputs.append(.host(Messages.acknowledged(subscription: id)))
    if subscription.owesChange {
      outputs.append(.host(Messages.toolsChanged(subscription: id)))
    }
    subscription.owesChange = false
    subscriptions[id] = subscription
    var kept = request
    kept.kind = .held
    fromHost.insert(kept, as: id)
  }

  /// Tells the host that the list it has seen is no longer the one it would get.
  mutating func tellToolsChanged() {
    if handshake.isInitialized {
      outputs.append(.host(Messages.toolsChanged(subscription: nil)))
    }
    for (id, subscription) in subscriptions where subscription.wantsTools {
      if subscription.isAcknowledged {
        outputs.append(.host(Messages.toolsChanged(subscription: id)))
      } else {
        subscriptions[id]?.owesChange = true
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
