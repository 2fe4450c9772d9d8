import Control
import Credentials
import JSON
import MCP

/// What is counted by itself: were it only by side, a flood of one reason would hide another.
struct RefusalKey: Hashable {
  let side: Side
  /// One of the rules' own words, of which there are some dozens.
  let reason: String
}

/// How often one side was refused for one reason: the first hundred are told one by one, later ones
/// only when their number doubles, so that a flood of them does not become a flood of the audit log.
struct Refusals {
  private var count: Int64 = 0

  /// The number to tell; nil where this one stays untold.
  mutating func next() -> Int64? {
    count += 1
    return count <= 100 || count & (count - 1) == 0 ? count : nil
  }
}

/// What a server prints on its output that is not a message: shown, but not without end.
struct Noise {
  private var shown = 0
  private static let mostLines = 100
  private static let longestLine = 512

  /// - Returns: the text for the log, or nil once enough was shown.
  mutating func text(_ line: Line, _ settings: SessionSettings) -> [UInt8]? {
    guard shown < Noise.mostLines else { return nil }
    shown += 1
    var text = Array("cordon: \(settings.serverName) printed what is not a message: ".utf8)
    // Redacted before it is cut: half a secret is one too.
    let start = line.copy(0..<min(line.count, 2 * Secret.maximumLength))
    text += VisibleText.ascii(settings.redactor.redact(start).prefix(Noise.longestLine)).utf8
    if line.count > Noise.longestLine { text += "… (\(line.count) bytes)".utf8 }
    if shown == Noise.mostLines { text += "\ncordon: no more of these are shown".utf8 }
    text.append(UInt8(ascii: "\n"))
    return text
  }
}

extension Session {
  mutating func refuse(_ side: Side, reason: String, size: Int) {
    let key = RefusalKey(side: side, reason: reason)
    guard let count = refusals[key, default: Refusals()].next() else { return }
    report(
      "refused",
      [
        ControlField("from", .text(Array(side.rawValue.utf8))),
        ControlField("reason", .text(Array(reason.utf8))),
        ControlField("bytes", .integer(Int64(size))),
        ControlField("count", .integer(count)),
      ])
  }

  mutating func refuse(fromHost line: Line, _ error: EnvelopeError, at now: UInt64) {
    refuse(.host, reason: error.word, size: line.count)
    if let reply = refusal(of: error, from: .host) { outputs.append(.host(reply)) }
    giveUp(line, from: .host, error, at: now)
  }

  /// What a server says that is no message goes to the log. A host that waits for it is told.
  mutating func refuse(fromServer line: Line, _ error: EnvelopeError, at now: UInt64) {
    refuse(.server, reason: error.word, size: line.count)
    if let text = noise.text(line, settings) { outputs.append(.log(text)) }
    if let reply = refusal(of: error, from: .server) { outputs.append(.server(reply)) }
    giveUp(line, from: .server, error, at: now)
  }

  /// The answer to a refused message, which names the bound that it went over; nil where there is no
  /// id to answer.
  private mutating func refusal(of error: EnvelopeError, from side: Side) -> [UInt8]? {
    guard let bound = error.bound else { return Reply.refusal(of: error) }
    note(bound, side)
    return error.id.map {
      Messages.error($0, code: error.code, message: Words.messageOver(bound.name(settings)))
    }
  }

  /// A line over the size limit, of which only the beginning is known.
  mutating func refuseOversize(_ side: Side, head: Line, at now: UInt64) {
    refuse(side, reason: "too-large", size: head.count)
    note(.messageSize, side)
    if let id = unsafe Salvage.requestID(in: head.bytes) {
      refuseOversize(side, id)
      return
    }
    if unsafe Salvage.isRequestWithoutID(in: head.bytes) {
      var remains = Remains()
      remains.hasMethod = true
      unanswered[side] = remains
      return
    }
    let remains = Remains(head)
    if let id = remains.answered(isWhole: false) {
      giveUp(id, from: side, size: head.count, tooLargeAnswer, at: now)
    } else if remains.id == nil, !remains.hasMethod {
      unanswered[side] = remains
    }
  }

  /// The end of that line, where its id may stand.
  mutating func endOversize(_ side: Side, tail: Line, at now: UInt64) {
    guard var remains = unanswered.removeValue(forKey: side) else { return }
    let isRequest = remains.hasMethod
    remains.readEnd(tail)
    if isRequest {
      if let id = remains.id { refuseOversize(side, id) }
    } else if let id = remains.answered(isWhole: false) {
      giveUp(id, from: side, size: settings.messageSize, tooLargeAnswer, at: now)
    }
  }

  private mutating func refuseOversize(_ side: Side, _ id: MessageID) {
    let words = Words.messageOver(Bound.messageSize.name(settings))
    let answer = Messages.error(id, code: -32600, message: words)
    outputs.append(side == .host ? .host(answer) : .server(answer))
  }

  private var tooLargeAnswer: String { Words.answerOver(Bound.messageSize.name(settings)) }

  /// A side that sends without end and without a newline is not read any more.
  mutating func refuseEndless(_ side: Side) {
    refuse(side, reason: "endless-line", size: settings.limits.lineSize)
    note(.lineSize, side)
    let answer = Reply.error(
      id: nil, code: -32600, message: JSONString(Words.endless(Bound.lineSize.name(settings))))
    outputs.append(side == .host ? .host(answer) : .server(answer))
  }

  /// A request whose answer was refused is answered with an error, where the refused line tells
  /// which one that is: whoever sent it would wait in vain.
  mutating func giveUp(
    _ line: Line, from side: Side, _ error: EnvelopeError, at now: UInt64
  ) {
    var isWhole = true
    if case .json = error.reason { isWhole = false }
    guard let id = Remains(line).answered(isWhole: isWhole) else { return }
    let words = error.bound.map { Words.answerOver($0.name(settings)) }
    giveUp(id, from: side, size: line.count, words, at: now)
  }

  /// - Parameters:
  ///   - side: whose answer it was.
  ///   - words: why, where it is not that it is no valid message.
  mutating func giveUp(
    _ id: MessageID, from side: Side, size: Int, _ words: String? = nil, at now: UInt64
  ) {
    switch side {
    case .host: giveUp(fromHost: id, words ?? Words.answerRefused)
    case .server: giveUp(fromServer: id, size: size, words ?? Words.answerRefused, at: now)
    }
  }

  private mutating func giveUp(fromHost id: MessageID, _ words: String) {
    guard fromServer.isWaiting(for: id) else { return }
    _ = fromServer.remove(id)
    outputs.append(.server(Messages.error(id, code: -32603, message: words)))
  }

  private mutating func giveUp(
    fromServer id: MessageID, size: Int, _ words: String, at now: UInt64
  ) {
    if isOwn(id) {
      if let kind = list(askedBy: id) {
        lists[kind].refresh = nil
        listFailed(kind, nil, at: now)
      } else if interfaces.reading?.id == id {
        interfaceFailed(at: now)
      }
      return
    }
    guard let request = fromHost[id], request.isOpen else { return }
    _ = fromHost.remove(id)
    subscriptions.removeValue(forKey: id)
    outputs.append(
      .host(Messages.error(id, code: -32603, message: words)))
    if let call = request.call { audit(call, outcome: "refused", resultSize: size, at: now) }
  }
}

extension EnvelopeError {
  /// The bound of the profile's that the line went over; nil where that is not what is wrong with it.
  fileprivate var bound: Bound? {
    guard case .json(let error) = reason else { return nil }
    return switch error.reason {
    case .tooDeep: .nesting
    case .tooLarge: .messageSize
    default: nil
    }
  }
}
