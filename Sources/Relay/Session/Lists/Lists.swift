import JSON
import MCP

/// A host's request for a list of which it is shown what is approved.
extension Session {
  mutating func list(
    _ kind: ListKind, _ message: Received, _ request: HostRequest, at now: UInt64
  ) {
    var request = request
    request.kind = .held
    let params = message.params
    request.isModern = params.isModern
    if let cursor = params?.member("cursor"), cursor.kind != .null {
      refuse(.host, reason: "unknown-cursor", size: message.line.count)
      reply(to: message, code: -32602, Words.unknownCursor(kind))
      return
    }
    if kind == .tools, handshake.lacksTools, sentence != nil {
      answerNoticeAlone(request)
      return
    }
    fromHost.insert(request, as: request.id)
    hold(Held(request, for: .list(kind), .list, params: params))
    askForList(kind, meta: message.requestMeta(isModern: request.isModern), at: now)
  }

  /// One page: the approved items as the server sent them, and the protocol's own of the first page's `_meta`.
  mutating func answerList(_ request: HostRequest, _ complete: ItemList) {
    let shown = shown(of: complete)
    var body = Reply.beginning(ofResultTo: request.id)
    body.reserveCapacity(shown.reduce(4096) { $0 + $1.raw.count + 1 })
    body.append(UInt8(ascii: "{"))
    if let meta = complete.meta {
      body += "\"_meta\":".utf8
      body += meta
      body.append(UInt8(ascii: ","))
    }
    if complete.saysComplete { body += "\"resultType\":\"complete\",".utf8 }
    body.append(UInt8(ascii: "\""))
    body += complete.kind.member.utf8
    body += "\":[".utf8
    for (index, item) in shown.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += item.raw
    }
    if complete.kind == .tools, let sentence {
      if !shown.isEmpty { body.append(UInt8(ascii: ",")) }
      body += Notice.tool(sentence)
    }
    body.append(UInt8(ascii: "]"))
    if request.isModern || complete.hadLifetime { body += Session.noCache.utf8 }
    body.append(UInt8(ascii: "}"))
    body += Reply.endOfResult
    outputs.append(.host(body))
    lists[complete.kind].shown = visible(complete.kind)
  }

  /// A server without tools, while something else of it waits: Cordon's own tool is the list.
  mutating func answerNoticeAlone(_ request: HostRequest) {
    var body = Array("{\"tools\":[".utf8)
    if let sentence { body += Notice.tool(sentence) }
    body.append(UInt8(ascii: "]"))
    if request.isModern {
      body += ",\"resultType\":\"complete\"".utf8
      body += Session.noCache.utf8
    }
    body.append(UInt8(ascii: "}"))
    outputs.append(.host(Reply.result(id: request.id, result: body)))
    lists[.tools].shown = visible(.tools)
  }

  /// A decision changes the list at any moment, so no cache may keep it.
  private static var noCache: String { ",\"ttlMs\":0,\"cacheScope\":\"private\"" }
}

extension Received {
  /// The host's `_meta` for a request of Cordon's own: without the progress token, which stands
  /// for the host's request alone. Before the modern era nothing needs it.
  func requestMeta(isModern: Bool) -> [UInt8]? {
    guard isModern, let meta else { return nil }
    let bytes = meta.rewritten([(meta.member(MetaKey.progressToken), nil)])
    return isOneLine ? bytes : unsafe bytes.withUnsafeBytes { unsafe OneLine.rewrite($0) }
  }
}
