import Control
import JSON
import MCP

/// Lines from the server.
extension Session {
  mutating func receive(fromServer line: Line, at now: UInt64) {
    count(from: .server, at: now)
    if receiveKnownPage(line, at: now) { return }
    do throws(EnvelopeError) {
      switch try unsafe Message.read(line.bytes, limits: limits) {
      case .single(let envelope):
        handle(fromServer: Received(line: line, envelope: envelope, isWholeLine: true), at: now)
      case .batch(let elements):
        receiveBatch(fromServer: line, elements, at: now)
      }
    } catch {
      refuse(fromServer: line, error, at: now)
    }
  }

  mutating func handle(fromServer message: Received, at now: UInt64) {
    let method = message.envelope.method.flatMap { Method(named: $0) }
    if attenuate(fromServer: message, method, at: now) { return }
    switch message.envelope.kind {
    case .request(let id, _):
      request(fromServer: message, id, method, at: now)
    case .notification:
      notification(fromServer: message, method, at: now)
    case .response(let id):
      answer(fromServer: message, id, at: now)
    case .errorResponse(let id):
      guard let id else {
        refuse(.server, reason: "error-without-id", size: message.line.count)
        return
      }
      answer(fromServer: message, id, at: now)
    }
  }

  private mutating func notification(
    fromServer message: Received, _ method: Method?, at now: UInt64
  ) {
    guard admits(method, from: .server, at: now) else { return }
    switch method {
    case .toolsListChanged, .promptsListChanged, .resourcesListChanged:
      for kind in ListChange(method)?.lists ?? [] { lists[kind].isStale = true }
      toHost(message)
    case .subscriptionsAcknowledged:
      acknowledge(message)
    case .cancelled:
      cancel(fromServer: message, at: now)
    default:
      toHost(message)
    }
  }

  mutating func answer(fromServer message: Received, _ id: MessageID, at now: UInt64) {
    firstAnswer.note()
    if isOwn(id) {
      // A late answer to what was given up is nobody's business.
      if let kind = list(askedBy: id) {
        receivePage(kind, message, at: now)
      } else if interfaces.reading?.id == id {
        receiveInterface(message, at: now)
      }
      return
    }
    guard let request = fromHost.remove(id) else {
      if let number = number(meantBy: id) {
        answer(fromServer: message, withNumber: number, at: now)
      } else {
        refuse(.server, reason: "answer-to-nothing", size: message.line.count)
      }
      return
    }
    if case .expired = request.kind {
      refuse(.server, reason: "late-answer", size: message.line.count)
      return
    }
    if request.isHeld {
      // It waits for Cordon, not for the server.
      fromHost.insert(request, as: id)
      refuse(.server, reason: "answer-to-nothing", size: message.line.count)
      return
    }
    if attenuate(answer: message, to: request, at: now) { return }
    let isResult = message.envelope.result != nil
    switch request.kind {
    case .plain:
      toHost(message)
    case .initialize, .discover:
      if isResult {
        attenuate(handshake: message) { $0.answerHandshake($1, request) }
      } else {
        toHost(message)
      }
    case .call(let call):
      toHost(message)
      audit(call, outcome: outcome(of: message), resultSize: message.line.count, at: now)
    case .listen:
      answerListen(message, request)
    case .interface(let uri):
      answerInterface(message, request, uri, at: now)
    case .resource(let uri):
      if interfaces.referred.contains(uri) || InterfaceReference.isInterface(message) {
        answerInterface(message, request, uri, at: now)
      } else {
        toHost(message)
      }
    case .page(let number):
      pass(page: message)
      if let number { observe(page: message, number) }
    case .held, .expired:
      break
    }
    if isResult && !handshake.isDone && acceptsServer {
      handshake.isDone = true
      outputs.append(.report(.handshaken))
    }
  }
}

extension HostRequest {
  var isHeld: Bool {
    guard case .held = kind else { return false }
    return true
  }

  /// Whether the server can still answer it.
  var isOpen: Bool {
    switch kind {
    case .held, .expired: false
    default: true
    }
  }
}
