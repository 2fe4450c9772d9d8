import JSON
import MCP

/// The lines that Cordon itself writes.
enum Messages {
  static func error(_ id: MessageID, code: Int, message: String) -> [UInt8] {
    Reply.error(id: id, code: code, message: JSONString(message))
  }

  /// Tells the other side that its answer is no longer waited for.
  static func cancelled(_ id: MessageID, reason: String) -> [UInt8] {
    cancelled(id, why: "not answered within \(reason)")
  }

  static func cancelled(_ id: MessageID, why: String) -> [UInt8] {
    var params = JSONWriter()
    params.object { params in
      params.member("requestId") { $0.raw(id.encoded) }
      params.member("reason") { $0.string(why) }
    }
    return Reply.notification(method: Method.cancelled.name, params: params.bytes)
  }

  /// The answer to a call that Cordon gives itself. `resultType` is the modern era's.
  static func toolResult(
    _ id: MessageID, text: String, isError: Bool, isModern: Bool
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { result in
      result.member("content") { content in
        content.array { content in
          content.object { block in
            block.member("type") { $0.string("text" as JSONString) }
            block.member("text") { $0.string(text) }
          }
        }
      }
      result.member("isError") { $0.bool(isError) }
      if isModern { result.member("resultType") { $0.string("complete" as JSONString) } }
    }
    return Reply.result(id: id, result: writer.bytes)
  }

  static func listRequest(
    _ kind: ListKind, id: MessageID, meta: [UInt8]?, cursor: [UInt8]?
  ) -> [UInt8] {
    guard meta != nil || cursor != nil else {
      return Reply.request(id: id, method: kind.method.name)
    }
    var params = JSONWriter()
    params.object { params in
      if let cursor { params.member("cursor") { $0.raw(cursor) } }
      if let meta { params.member("_meta") { $0.raw(meta) } }
    }
    return Reply.request(id: id, method: kind.method.name, params: params.bytes)
  }

  static func readRequest(id: MessageID, uri: JSONString, meta: [UInt8]?) -> [UInt8] {
    var params = JSONWriter()
    params.object { params in
      params.member("uri") { $0.string(uri) }
      if let meta { params.member("_meta") { $0.raw(meta) } }
    }
    return Reply.request(id: id, method: Method.resourcesRead.name, params: params.bytes)
  }

  /// - Parameter subscription: the id of the listen request that opened it; nil before the modern
  ///   era.
  static func changed(_ change: ListChange, subscription: MessageID?) -> [UInt8] {
    let method = change.notification.name
    guard let subscription else { return Reply.notification(method: method) }
    var params = JSONWriter()
    params.object { params in params.member("_meta") { $0.tag(subscription) } }
    return Reply.notification(method: method, params: params.bytes)
  }

  /// Opens a subscription that Cordon serves itself, for these changes alone.
  static func acknowledged(
    subscription: MessageID, _ changes: some Sequence<ListChange>
  ) -> [UInt8] {
    var params = JSONWriter()
    params.object { params in
      params.member("_meta") { $0.tag(subscription) }
      params.member("notifications") { filter in
        filter.object { filter in
          for change in changes { filter.member(change.filter) { $0.bool(true) } }
        }
      }
    }
    return Reply.notification(method: Method.subscriptionsAcknowledged.name, params: params.bytes)
  }
}

extension JSONWriter {
  fileprivate mutating func tag(_ subscription: MessageID) {
    object { meta in
      meta.member(MetaKey.subscriptionID) { $0.raw(subscription.encoded) }
    }
  }
}
