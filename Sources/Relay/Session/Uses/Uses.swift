import JSON
import MCP
import Manifest

/// A host's request that uses a prompt, a resource template or a resource.
extension Session {
  private enum Verdict {
    case forward
    /// With the reason for the audit log.
    case refuse(String, reason: String)
  }

  /// Methods that use what is listed, beside `tools/call`.
  static let uses: [Method] = [.promptsGet, .complete, .resourcesRead]

  mutating func use(
    _ message: Received, _ method: Method, _ request: HostRequest, at now: UInt64
  ) {
    var request = request
    let params = message.params
    request.isModern = params.isModern
    switch Use.read(method, params, referred: interfaces.referred) {
    case .nothing:
      if method == .resourcesRead { request.kind = .resource("") }
      fromHost.insert(request, as: request.id)
      toServer(message)
    case .malformed(let reason, let words):
      refuse(.host, reason: reason, size: message.line.count)
      reply(to: message, code: -32602, words)
    case .use(let use):
      if let awaited = awaited(by: use) {
        let line = message.line.terminated(isOneLine: message.isOneLine)
        wait(Held(request, for: awaited, .use(line, use), params: params))
        if case .list(let kind) = awaited {
          askForList(kind, meta: message.requestMeta(isModern: request.isModern), at: now)
        }
        return
      }
      switch verdict(use) {
      case .forward:
        forward(request, use)
        toServer(message)
      case .refuse(let words, let reason):
        refuse(request, words, reason, size: message.line.count)
      }
    }
  }

  /// What a use waited for is known now; it may have to wait for something else.
  mutating func release(_ entry: Held, _ line: [UInt8], _ use: Use, at now: UInt64) {
    if let awaited = awaited(by: use), awaited != entry.awaited {
      var entry = entry
      entry.awaited = awaited
      wait(entry)
      return
    }
    switch verdict(use) {
    case .forward:
      forward(entry.request, use)
      outputs.append(.server(line))
    case .refuse(let words, let reason):
      refuse(entry.request, words, reason, size: line.count)
    }
  }

  private mutating func wait(_ entry: Held) {
    var request = entry.request
    request.kind = .held
    fromHost.insert(request, as: request.id)
    hold(entry)
  }

  private func awaited(by use: Use) -> Held.Awaited? {
    if isGated(use.kind), !lists[use.kind].isFresh { return .list(use.kind) }
    return use.isInterface && interfaces.isBusy ? .interfaces : nil
  }

  private mutating func forward(_ request: HostRequest, _ use: Use) {
    var request = request
    if use.isInterface {
      request.kind = .interface(use.name)
    } else {
      request.kind = use.kind == .resources ? .resource(use.name) : .plain
    }
    fromHost.insert(request, as: request.id)
  }

  private mutating func refuse(
    _ request: HostRequest, _ words: String, _ reason: String, size: Int
  ) {
    refuse(.host, reason: reason, size: size)
    outputs.append(.host(Messages.error(request.id, code: -32602, message: words)))
  }

  private func verdict(_ use: Use) -> Verdict {
    guard isGated(use.kind) else { return .forward }
    let list = lists[use.kind]
    let word = use.kind.item.rawValue
    guard let digest = list.catalog?[use.name] else {
      if list.ambiguous.contains(use.name) {
        return .refuse(words.ambiguous(use.kind), reason: "ambiguous-\(word)")
      }
      // Resources need not be listed, and only a template has an expression in its URI.
      guard use.kind == .prompts || use.kind == .resourceTemplates && use.name.isTemplate else {
        return .forward
      }
      return .refuse(words.unlisted(use.kind), reason: "unlisted-\(word)")
    }
    switch pins.state(use.kind.item, use.name, digest) {
    case .approved: return .forward
    case .rejected: return .refuse(words.rejected(use.kind), reason: "rejected-\(word)")
    case .waiting, .unknown:
      return .refuse(words.unapproved(use.kind), reason: "withheld-\(word)")
    }
  }
}

extension JSONString {
  /// Whether this has an expression of RFC 6570, which no URI can have.
  fileprivate var isTemplate: Bool { utf8.contains(UInt8(ascii: "{")) }
}
