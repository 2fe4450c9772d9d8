import JSON
import MCP

/// Several messages on one line: 2025-03-26 has them, no other version does.
///
/// Where they were negotiated each element goes on as a message of its own, and so come the answers:
/// JSON-RPC lets a receiver of batches answer in any order, and some SDKs drop a batch in silence.
extension Session {
  mutating func receiveBatch(fromHost line: Line, _ elements: [Range<Int>], at now: UInt64) {
    let isNegotiated = handshake.allowsBatches
    count(min(elements.count, SessionSettings.longestBatch), from: .host, at: now)
    if !isNegotiated { refuse(.host, reason: "batch", size: line.count) }
    for range in elements.prefix(SessionSettings.longestBatch) {
      let part = line.part(range)
      do throws(EnvelopeError) {
        let envelope = try unsafe Envelope.read(part.bytes, limits: limits)
        let message = Received(line: part, envelope: envelope, isWholeLine: false)
        if !isNegotiated {
          refuse(elementFromHost: message, at: now)
        } else if case .request(_, let method) = envelope.kind,
          Method(named: method) == .initialize
        {
          refuse(.host, reason: "initialize-in-batch", size: part.count)
          reply(to: message, code: -32600, Words.initializeInBatch)
        } else {
          handle(fromHost: message, at: now)
        }
      } catch {
        refuse(fromHost: part, error, at: now)
      }
    }
    guard elements.count > SessionSettings.longestBatch else { return }
    refuse(.host, reason: "batch-too-long", size: line.count)
    outputs.append(
      .host(Reply.error(id: nil, code: -32600, message: JSONString(Words.batchTooLong))))
  }

  /// An element of a batch that does not pass: whoever waits for it is told, on either side.
  private mutating func refuse(elementFromHost message: Received, at now: UInt64) {
    switch message.envelope.kind {
    case .request: reply(to: message, code: -32600, Words.batch)
    case .response(let id), .errorResponse(.some(let id)):
      giveUp(id, from: .host, size: message.line.count, at: now)
    case .errorResponse(nil), .notification: break
    }
  }

  mutating func receiveBatch(fromServer line: Line, _ elements: [Range<Int>], at now: UInt64) {
    let isNegotiated = handshake.allowsBatches
    count(min(elements.count, SessionSettings.longestBatch), from: .server, at: now)
    if !isNegotiated { refuse(.server, reason: "batch", size: line.count) }
    for range in elements.prefix(SessionSettings.longestBatch) {
      let part = line.part(range)
      if !isNegotiated {
        refuse(elementFromServer: part, Words.batch, at: now)
      } else if acceptsServer {
        receive(element: part, at: now)
      } else {
        // Nothing overtakes an answer that waits, so the rest of its batch waits too.
        heldElements.append(line.copy(range))
      }
    }
    guard elements.count > SessionSettings.longestBatch else { return }
    refuse(.server, reason: "batch-too-long", size: line.count)
    for range in elements.dropFirst(SessionSettings.longestBatch) {
      refuse(elementFromServer: line.part(range), Words.batchTooLong, at: now)
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

  /// The same of a server's.
  private mutating func refuse(
    elementFromServer line: Line, _ words: String, at now: UInt64
  ) {
    do throws(EnvelopeError) {
      switch try unsafe Envelope.read(line.bytes, limits: limits).kind {
      case .request(let id, _):
        outputs.append(.server(Messages.error(id, code: -32600, message: words)))
      case .response(let id):
        giveUp(id, from: .server, size: line.count, at: now)
      case .errorResponse(let id):
        if let id { giveUp(id, from: .server, size: line.count, at: now) }
      case .notification:
        break
      }
    } catch {
      giveUp(line, from: .server, error, at: now)
    }
  }
}
