import Control
import JSON
import MCP

/// Lines from the server.
extension Session {
  mutating func receive(fromServer line: Line, at now: UInt64) {
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

  private mutating func receiveBatch(
    fromServer line: Line, _ elements: [Range<Int>], at now: UInt64
  ) {
    guard handshake.allowsBatches else {
      refuse(.server, reason: "batch", size: line.count)
      return
    }
    for range in elements.prefix(SessionSettings.mostPending) {
      // Nothing overtakes an answer that waits, so the rest of its batch waits too.
      if acceptsServer {
        receive(element: line.part(range), at: now)
      } else {
        heldElements.append(line.copy(range))
      }
    }
  }

  private mutating func receive(element line: Line, at now: UInt64) {
    do throws(EnvelopeError) {
      let envelope = try unsafe Envelope.read(line.bytes, limits: limits)
      handle(fromServer: Received(line: line, envelope: envelope, isWholeLine: false), at: now)
    } catch {
      refuse(fromServer: line, error, at: now)
    }
  }

  /// What stood behind an answer that waited, up to the next one that does.
  mutating func receiveHeldElements(at now: UInt64) {
    var elements = heldElements[...]
    while acceptsServer, let element = elements.popFirst() {
      unsafe element.withUnsafeBytes { receive(element: unsafe Line($0), at: now) }
    }
    heldElements = Array(elements)
  }

  private mutating func handle(fromServer message: Received, at now: UInt64) {
    switch message.envelope.kind {
    case .request(let id, _):
      if fromServer[id] != nil {
        refuse(.server, reason: "duplicate-id", size: message.line.count)
      } else if fromServer.isFull {
        refuse(.server, reason: "too-many-pending", size: message.line.count)
        outputs.append(.server(Messages.error(id, code: -32603, message: Words.tooManyPending)))
      } else {
        fromServer.insert((), as: id)
        toHost(message)
      }
    case .notification(let method):
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
    fromServer message: Received, _ method: JSONString, at now: UInt64
  ) {
    switch Method(named: method) {
    case .toolsListChanged:
      list.isStale = true
      toHost(message)
    case .subscriptionsAcknowledged:
      acknowledge(message)
    case .cancelled:
      if let id = message.params?.id("requestId") {
        _ = fromServer.cancel(id)
        // In the modern era a server ends a subscription so.
        if subscriptions.removeValue(forKey: id) != nil { cancelFromHost(id, at: now) }
      }
      toHost(message)
    default:
      toHost(message)
    }
  }

  private mutating func answer(fromServer message: Received, _ id: MessageID, at now: UInt64) {
    if isOwn(id) {
      receivePage(message, id, at: now)
      return
    }
    guard let request = fromHost.remove(id) else {
      refuse(.server, reason: "answer-to-nothing", size: message.line.count)
      return
    }
    if request.isHeld {
      // It waits for Cordon, not for the server.
      fromHost.insert(request, as: id)
      refuse(.server, reason: "answer-to-nothing", size: message.line.count)
      return
    }
    let isResult = message.envelope.result != nil
    switch request.kind {
    case .plain:
      toHost(message)
    case .initialize, .discover:
      if isResult { answerHandshake(message, request) } else { toHost(message) }
    case .call(let call):
      toHost(message)
      audit(call, outcome: outcome(of: message), resultSize: message.line.count, at: now)
    case .listen:
      answerListen(message, request)
    case .held:
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
}
