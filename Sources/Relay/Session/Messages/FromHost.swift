import Control
import Credentials
import Digest
import JSON
import MCP

/// Lines from the host.
extension Session {
  mutating func receive(fromHost line: Line, at now: UInt64) {
    count(from: .host, at: now)
    do throws(EnvelopeError) {
      switch try unsafe Message.read(line.bytes, limits: limits) {
      case .single(let envelope):
        handle(fromHost: Received(line: line, envelope: envelope, isWholeLine: true), at: now)
      case .batch(let elements):
        receiveBatch(fromHost: line, elements, at: now)
      }
    } catch {
      refuse(fromHost: line, error, at: now)
    }
  }

  mutating func handle(fromHost message: Received, at now: UInt64) {
    let method = message.envelope.method.flatMap { Method(named: $0) }
    var message = message
    if message.isRequest { message.open() }
    noteForms(message, method)
    if attenuate(fromHost: message, method, at: now) { return }
    switch message.envelope.kind {
    case .request(let id, _):
      request(fromHost: message, id, method, at: now)
    case .notification:
      guard admits(method, from: .host, at: now) else { return }
      switch method {
      case .cancelled: cancel(fromHost: message, at: now)
      case .toolsCall, .promptsGet, .complete:
        // Without an id nobody is told that it is not approved, and some servers do it still.
        refuse(.host, reason: "call-without-id", size: message.line.count)
      case .initialized:
        handshake.isInitialized = true
        toServer(message)
      default: toServer(message)
      }
    case .response(let id):
      if !takeAnswer(message, id) { answer(fromHost: message, id) }
    case .errorResponse(let id):
      guard let id else {
        refuse(.host, reason: "error-without-id", size: message.line.count)
        return
      }
      if !takeAnswer(message, id) { answer(fromHost: message, id) }
    }
  }

  private mutating func request(
    fromHost message: Received, _ id: MessageID, _ known: Method?, at now: UInt64
  ) {
    if let problem = problem(withHostID: id) {
      refuse(.host, reason: problem.reason, size: message.line.count)
      reply(to: message, code: problem.code, problem.words)
      if problem.code == Self.tooMany { note(.pendingRequests, .host) }
      return
    }
    handshake.note(message, known)
    var request = HostRequest(
      id: id, kind: .plain, isModern: false, due: due(known, at: now))
    clock.note(request.due)
    firstAnswer.ask(at: now)
    switch known {
    case .toolsList, .promptsList, .resourceTemplatesList, .resourcesList:
      guard let kind = known.flatMap(ListKind.init) else { break }
      guard !isGated(kind) else {
        list(kind, message, request, at: now)
        return
      }
      request = watch(resourcesOf: message, request)
    case .promptsGet, .complete, .resourcesRead:
      guard let known else { break }
      use(message, known, request, at: now)
      return
    case .toolsCall:
      call(message, request, at: now)
      return
    case .initialize:
      request.kind = .initialize(
        clientName: message.params.peerName("clientInfo", settings.redactor))
    case .discover:
      let params = message.params
      request.kind = .discover(
        clientName: (params?.object("_meta")).peerName(MetaKey.clientInfo, settings.redactor),
        version: params.modernVersion)
      request.isModern = true
    case .subscriptionsListen:
      request.kind = .listen
      request.isModern = true
      subscriptions[id] = Subscription(filter: message.params?.object("notifications"))
    default: break
    }
    fromHost.insert(request, as: id)
    toServer(message)
  }

  private func problem(
    withHostID id: MessageID
  ) -> (reason: String, code: Int, words: String)? {
    if fromHost[id] != nil { return ("duplicate-id", -32600, Words.duplicateID) }
    if isOwn(id) { return ("reserved-id", -32600, Words.ownID) }
    if fromHost.isFull { return ("too-many-pending", Self.tooMany, tooManyPending) }
    return nil
  }

  /// The code for one request more than may wait.
  static var tooMany: Int { -32603 }

  var tooManyPending: String { Words.tooManyPending(Bound.pendingRequests.name(settings)) }

  mutating func reply(to message: Received, code: Int, _ words: String) {
    guard case .request(let id, _) = message.envelope.kind else { return }
    outputs.append(.host(Messages.error(id, code: code, message: words)))
  }

  func isOwn(_ id: MessageID) -> Bool {
    guard case .string(let text) = id else { return false }
    return text.utf8.starts(with: settings.ownPrefix.utf8)
  }
}

extension ObjectView? {
  /// A name for the audit log, bounded and without secrets; empty where there is none.
  func peerName(
    _ key: JSONString, _ redactor: Redactor, _ field: JSONString = "name"
  ) -> [UInt8] {
    redactor.excerpt(self?.object(key)?.string(field)?.utf8 ?? [], 128)
  }
}
