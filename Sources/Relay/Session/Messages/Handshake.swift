import Control
import Digest
import JSON
import MCP
import Manifest

/// What the answers to `initialize` and `server/discover` said.
struct Handshake {
  /// The server has answered a request with a result.
  var isDone = false
  /// The host has sent `notifications/initialized`.
  var isInitialized = false
  /// Nil until it is known, see `Eras.swift`.
  var era: Era?
  /// The version that is spoken; nil for one that is not published.
  var version: ProtocolVersion?
  /// The server declares no tools: its list is not asked for, Cordon's own tool is all there is.
  var lacksTools = false
  /// The instructions that were last reported.
  var observed: [PinnedItem]?
}

/// A copy of a handshake's answer, kept until the pins that answer `sequence` are there.
struct HeldAnswer {
  var sequence: UInt64
  var line: [UInt8]
  var request: HostRequest
  var instructions: PinnedItem
}

extension Session {
  /// Observes the instructions; the answer waits where they are not known yet.
  mutating func answerHandshake(_ message: Received, _ request: HostRequest) {
    guard let result = message.result else {
      refuseHandshake(message, request, reason: "result-not-an-object")
      return
    }
    // A host that reads keys without regard to case would take instructions from there.
    guard !result.hasLookalike(of: Self.decidingKeys) else {
      refuseHandshake(message, request, reason: "lookalike-key")
      return
    }
    note(result, request)
    var item: Item?
    if let raw = result.instructions {
      do throws(ItemError) {
        item = try Item.read(.instructions, raw)
      } catch {
        refuse(.server, reason: "instructions-unusable", size: message.line.count)
      }
    }
    let pinned = item.map { PinnedItem($0) }
    let isUnknown = pinned.map { pins.state(of: $0) == .unknown } ?? false
    let present = pinned.map { [$0] } ?? []
    if isUnknown || handshake.observed != present {
      observe(.instructions, unknown: isUnknown ? item.map { [$0] } ?? [] : [], present: present)
      handshake.observed = present
    }
    guard isUnknown, let pinned else {
      rewrite(message, result, request, pinned)
      return
    }
    heldAnswer = HeldAnswer(
      sequence: sequence, line: message.line.copy(0..<message.line.count), request: request,
      instructions: pinned)
    var kept = request
    kept.kind = .held
    fromHost.insert(kept, as: request.id)
  }

  /// The members that decide what a host takes from the answer.
  private static let decidingKeys: [JSONString] = [
    "instructions", "capabilities", "protocolVersion",
  ]

  private mutating func refuseHandshake(
    _ message: Received, _ request: HostRequest, reason: String
  ) {
    refuse(.server, reason: reason, size: message.line.count)
    outputs.append(.host(Messages.error(request.id, code: -32603, message: Words.answerRefused)))
  }

  /// The decision is there: the answer goes out, read again from its copy.
  mutating func finish(_ answer: HeldAnswer, at now: UInt64) {
    _ = fromHost.remove(answer.request.id)
    unsafe answer.line.withUnsafeBytes { bytes in
      let line = unsafe Line(bytes)
      do throws(EnvelopeError) {
        let envelope = try unsafe Envelope.read(bytes, limits: limits)
        let message = Received(line: line, envelope: envelope, isWholeLine: false)
        guard let result = message.result else { return }
        rewrite(message, result, answer.request, answer.instructions)
      } catch {
        // It was read strictly before it was kept, and reading has no state.
        refuse(fromServer: line, error, at: now)
      }
    }
    if !handshake.isDone {
      handshake.isDone = true
      outputs.append(.report(.handshaken))
    }
  }

  private mutating func note(_ result: ObjectView, _ request: HostRequest) {
    var version = result.string("protocolVersion")
    var clientName: [UInt8] = []
    var era = Era.modern
    let redactor = settings.redactor
    var serverInfo = result.object("_meta").peerName(MetaKey.serverInfo, redactor)
    switch request.kind {
    case .initialize(let name):
      era = .legacy
      clientName = name
      handshake.noteInitialized(version)
      serverInfo = (result as ObjectView?).peerName("serverInfo", redactor)
    case .discover(let name, let asked):
      clientName = name
      version = asked
      handshake.noteDiscovered(asked: asked, offered: result.strings("supportedVersions"))
    default: break
    }
    handshake.lacksTools = result.object("capabilities").map { $0.member("tools") == nil } ?? false
    report(
      "handshake",
      [
        ControlField("era", .text(Array(era.rawValue.utf8))),
        ControlField("protocol", .text(redactor.excerpt(version?.utf8 ?? [], 32))),
        ControlField("clientName", .text(clientName)),
        ControlField("serverName", .text(serverInfo)),
      ])
  }

  /// Withholds instructions that are not approved, declares `listChanged`, adds the notice. What
  /// needs none of these goes on untouched.
  private mutating func rewrite(
    _ message: Received, _ result: ObjectView, _ request: HostRequest, _ pinned: PinnedItem?
  ) {
    var changes: [(member: JSONOutline.Member?, value: [UInt8]?)] = []
    var additions: [(key: String, value: [UInt8])] = []
    let known = result.member("instructions")
    let isApproved = pinned.map { pins.state(of: $0) == .approved } ?? false
    if let pinned, !isApproved { tellWithheld(pinned) }

    // Instructions that are no approved text, null and other kinds included, do not pass.
    let kept = isApproved ? known.map { message.raw($0.value) } : nil
    if let sentence {
      let text = Notice.instructions(kept, sentence)
      if known != nil {
        changes.append((known, text))
      } else {
        additions.append(("instructions", text))
      }
    } else if known != nil, kept == nil {
      changes.append((known, nil))
    }
    if !changes.isEmpty || !additions.isEmpty {
      // A decision must reach the host at its next discover: no cache keeps this answer.
      if let ttl = result.member("ttlMs") { changes.append((ttl, Array("0".utf8))) }
      if let scope = result.member("cacheScope") {
        changes.append((scope, Array("\"private\"".utf8)))
      }
    }
    if let capabilities = result.member("capabilities"),
      let changed = declaringListChanged(result.object("capabilities"))
    {
      changes.append((capabilities, changed))
    }
    guard !changes.isEmpty || !additions.isEmpty else {
      toHost(message)
      return
    }
    send(message, replacing: "result", with: result.rewritten(changes, adding: additions))
  }

  /// Nil where nothing is to be changed.
  private func declaringListChanged(_ capabilities: ObjectView?) -> [UInt8]? {
    guard let capabilities else { return nil }
    let yes = Array("true".utf8)
    guard let member = capabilities.member("tools") else {
      guard sentence != nil else { return nil }
      return capabilities.rewritten([], adding: [("tools", Array("{\"listChanged\":true}".utf8))])
    }
    guard let tools = capabilities.object("tools"), !tools.isTrue("listChanged") else { return nil }
    let known = tools.member("listChanged")
    let changed = tools.rewritten(
      [(known, yes)], adding: known == nil ? [("listChanged", yes)] : [])
    return capabilities.rewritten([(member, changed)])
  }
}

extension ObjectView {
  /// The instructions as they stand; nil where there are none or the text is empty.
  fileprivate var instructions: [UInt8]? {
    guard let member = member("instructions") else { return nil }
    let raw = line.copy(member.value)
    return raw == Array("\"\"".utf8) || raw == Array("null".utf8) ? nil : raw
  }
}

extension PinnedItem {
  init(_ item: Item) {
    self.init(kind: item.kind.rawValue, name: item.name.utf8, digest: item.digest.bytes)
  }
}
