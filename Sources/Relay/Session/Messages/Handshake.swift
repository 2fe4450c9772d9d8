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
  /// The server declares no resources: none is read.
  var lacksResources = false
  /// What was last reported, by kind.
  var observed: [ItemKind: [PinnedItem]] = [:]
  /// Who the server last said that it is, as it wrote it.
  var serverInfo: [UInt8]?
}

/// A copy of a handshake's answer, kept until the pins that answer `sequence` are there.
struct HeldAnswer {
  var sequence: UInt64
  var line: [UInt8]
  var request: HostRequest
  var declared: Declared
}

/// What an answer to a handshake says of the server, as items.
struct Declared {
  var instructions: PinnedItem?
  var capabilities: PinnedItem?
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
    let instructions = result.instructions.flatMap { item(.instructions, $0, message) }
    let capabilities = result.raw("capabilities").flatMap { item(.capabilities, $0, message) }
    let declared = Declared(
      instructions: instructions.map { PinnedItem($0) },
      capabilities: capabilities.map { PinnedItem($0) })
    let one = observe(.instructions, instructions)
    // The answer to the later of two observations decides about both.
    guard let awaited = observe(.capabilities, capabilities) ?? one else {
      rewrite(message, result, declared)
      return
    }
    heldAnswer = HeldAnswer(
      sequence: awaited, line: message.line.copy(0..<message.line.count), request: request,
      declared: declared)
    var kept = request
    kept.kind = .held
    fromHost.insert(kept, as: request.id)
  }

  private mutating func item(_ kind: ItemKind, _ raw: [UInt8], _ message: Received) -> Item? {
    do throws(ItemError) {
      return try Item.read(kind, raw)
    } catch {
      refuse(.server, reason: "\(kind.rawValue)-unusable", size: message.line.count)
      return nil
    }
  }

  /// - Returns: the observation for whose decision the answer has to wait.
  private mutating func observe(_ kind: ItemKind, _ item: Item?) -> UInt64? {
    let present = item.map { [PinnedItem($0)] } ?? []
    let unknown = present.contains { pins.state(of: $0) == .unknown }
    if unknown || handshake.observed[kind] != present {
      observe(kind, unknown: unknown ? item.map { [$0] } ?? [] : [], present: present)
      handshake.observed[kind] = present
    }
    return unknown ? sequence : nil
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
        rewrite(message, result, answer.declared)
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
    var info = (result.object("_meta"), MetaKey.serverInfo)
    switch request.kind {
    case .initialize(let name):
      era = .legacy
      clientName = name
      handshake.noteInitialized(version)
      info = (result, "serverInfo")
    case .discover(let name, let asked):
      clientName = name
      version = asked
      handshake.noteDiscovered(asked: asked, offered: result.strings("supportedVersions"))
    default: break
    }
    let capabilities = result.object("capabilities")
    handshake.lacksTools = capabilities.map { $0.member("tools") == nil } ?? false
    handshake.lacksResources = capabilities.map { $0.member("resources") == nil } ?? false
    report(
      "handshake",
      [
        ControlField("era", .text(Array(era.rawValue.utf8))),
        ControlField("protocol", .text(redactor.excerpt(version?.utf8 ?? [], 32))),
        ControlField("clientName", .text(clientName)),
        ControlField("serverName", .text(info.0.peerName(info.1, redactor))),
        ControlField("serverVersion", .text(info.0.peerName(info.1, redactor, "version"))),
      ])
    noteChange(ofServerInfo: info.0?.raw(info.1), info.0.peerName(info.1, redactor))
  }

  /// Who a server says that it is decides about nothing: that it says otherwise is told.
  private mutating func noteChange(ofServerInfo raw: [UInt8]?, _ name: [UInt8]) {
    defer { handshake.serverInfo = raw ?? handshake.serverInfo }
    guard let raw, let earlier = handshake.serverInfo, raw != earlier else { return }
    report("serverInfo", [ControlField("serverName", .text(name))])
  }

  /// Withholds instructions and capabilities that are not approved, declares `listChanged`, adds the
  /// notice. What needs none of these goes on untouched.
  private mutating func rewrite(_ message: Received, _ result: ObjectView, _ declared: Declared) {
    var changes: [(member: JSONOutline.Member?, value: [UInt8]?)] = []
    var additions: [(key: String, value: [UInt8])] = []
    let known = result.member("instructions")
    let isApproved = isApproved(declared.instructions)
    let isDeclared = self.isApproved(declared.capabilities)
    for case let item? in [declared.instructions, declared.capabilities]
    where !self.isApproved(item) {
      tellWithheld(item)
    }

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
    let capabilities = result.member("capabilities")
    if !changes.isEmpty || !additions.isEmpty || (capabilities != nil && !isDeclared) {
      // A decision must reach the host at its next discover: no cache keeps this answer.
      if let ttl = result.member("ttlMs") { changes.append((ttl, Array("0".utf8))) }
      if let scope = result.member("cacheScope") {
        changes.append((scope, Array("\"private\"".utf8)))
      }
    }
    if let capabilities, let changed = declare(result.object("capabilities"), isDeclared) {
      changes.append((capabilities, changed))
    }
    guard !changes.isEmpty || !additions.isEmpty else {
      toHost(message)
      return
    }
    send(message, replacing: "result", with: result.rewritten(changes, adding: additions))
  }

  private func isApproved(_ item: PinnedItem?) -> Bool {
    item.map { pins.state(of: $0) == .approved } ?? false
  }

  /// Nil where nothing is to be changed.
  private func declare(_ capabilities: ObjectView?, _ isApproved: Bool) -> [UInt8]? {
    // What is no object declares nothing that anybody could approve.
    guard let capabilities else { return Array("{}".utf8) }
    return ServerCapabilities(capabilities, isApproved: isApproved, approved: pins.capabilities)
      .declared(hasNotice: sentence != nil)
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

  init(_ pin: Pin) {
    self.init(kind: pin.key.kind.rawValue, name: pin.key.name.utf8, digest: pin.digest.bytes)
  }
}
