import JSON
import MCP

/// Requests that the server sends, and the host's answers to them.
extension Session {
  mutating func request(
    fromServer message: Received, _ id: MessageID, _ method: Method?, at now: UInt64
  ) {
    if let era = handshake.era, !MethodTable.asks(.server, in: era) {
      // What a server wants to know is a value in an answer there. A host of that era expects no
      // request, known or not, and answers none: the server hears at once what it would say.
      refuse(.server, reason: "request-in-modern-era", size: message.line.count)
      outputs.append(.server(Messages.error(id, code: -32601, message: Words.noServerRequests)))
    } else if fromServer[id] != nil {
      // An answer would be one to the request that is open under this id.
      refuse(.server, reason: "duplicate-id", size: message.line.count)
    } else if fromServer.isFull {
      refuse(.server, reason: "too-many-pending", size: message.line.count)
      note(.pendingRequests, .server)
      outputs.append(.server(Messages.error(id, code: Self.tooMany, message: tooManyPending)))
    } else {
      let request = ServerRequest(method: method, due: due(nil, at: now))
      clock.note(request.due)
      fromServer.insert(request, as: id)
      toHost(message)
    }
  }

  mutating func answer(fromHost message: Received, _ id: MessageID) {
    guard let request = fromServer.remove(id) else {
      refuse(.host, reason: "answer-to-nothing", size: message.line.count)
      return
    }
    guard !request.isExpired else {
      refuse(.host, reason: "late-answer", size: message.line.count)
      return
    }
    if request.method == .rootsList, attenuate(rootsFromHost: message) { return }
    toServer(message)
  }
}
