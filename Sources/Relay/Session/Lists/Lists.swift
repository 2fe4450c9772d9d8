import Digest
import JSON
import MCP
import Manifest

/// A host's `tools/list`, and what it is shown.
extension Session {
  mutating func list(
    _ message: Received, _ request: HostRequest, at now: UInt64
  ) {
    var request = request
    request.kind = .held
    let params = message.params
    request.isModern = params.isModern
    if let cursor = params?.member("cursor"), cursor.kind != .null {
      refuse(.host, reason: "unknown-cursor", size: message.line.count)
      reply(to: message, code: -32602, Words.unknownCursor)
      return
    }
    if handshake.lacksTools, sentence != nil {
      answerNoticeAlone(request)
      return
    }
    fromHost.insert(request, as: request.id)
    hold(Held(request, .list, params: params))
    askForList(meta: message.requestMeta(isModern: request.isModern), at: now)
  }

  /// One page: the approved tools as the server sent them, and the first page's `_meta`.
  mutating func answerList(
    _ request: HostRequest, _ complete: ToolList
  ) {
    let shown = shown(of: complete)
    var body: [UInt8] = []
    body.reserveCapacity(shown.reduce(256) { $0 + $1.raw.count + 1 })
    body.append(UInt8(ascii: "{"))
    if let meta = complete.meta {
      body += "\"_meta\":".utf8
      body += meta
      body.append(UInt8(ascii: ","))
    }
    if complete.saysComplete { body += "\"resultType\":\"complete\",".utf8 }
    body += "\"tools\":[".utf8
    for (index, tool) in shown.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += tool.raw
    }
    if let sentence {
      if !shown.isEmpty { body.append(UInt8(ascii: ",")) }
      body += Notice.tool(sentence)
    }
    body.append(UInt8(ascii: "]"))
    if request.isModern || complete.hadLifetime { body += Session.noCache.utf8 }
    body.append(UInt8(ascii: "}"))
    outputs.append(.host(Reply.result(id: request.id, result: body)))
    list.shown = visible
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
    list.shown = visible
  }

  /// A decision changes the list at any moment, so no cache may keep it.
  private static var noCache: String { ",\"ttlMs\":0,\"cacheScope\":\"private\"" }

  /// What a host would be shown now.
  var visible: ListState.Shown {
    ListState.Shown(
      tools: (list.catalog ?? [:]).filter { name, digest in
        pins.state(.tool, name, digest) == .approved
      },
      waiting: sentence == nil ? 0 : pins.waitingCount)
  }

  /// Tells the host where a decision changed what it was last shown.
  mutating func tellVisibleChange() {
    guard let shown = list.shown, !list.isBusy, heldAnswer == nil else { return }
    let now = visible
    guard now != shown else { return }
    list.shown = now
    tellToolsChanged()
  }
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
