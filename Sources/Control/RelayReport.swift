/// What the relay tells the supervisor. The relay parses everything hostile, so the supervisor
/// treats all of this as an attacker's words: bounded, typed, and never more than a report.
public enum RelayReport: Equatable, Sendable {
  /// Confined; the first pins may come.
  case ready
  /// A step of the relay's own confinement failed; it ends.
  case failed(step: String, errno: Int32)
  /// A definition whose digest the pins do not know, in RFC 8785 form, before its observation.
  case item(sequence: UInt64, kind: String, name: [UInt8], canonical: [UInt8])
  /// The complete list of one kind as the server gave it. Answered with pins of this sequence.
  case observed(sequence: UInt64, kind: String, present: [PinnedItem])
  /// One line for the audit log.
  case event(kind: String, fields: [ControlField])
  /// The server answered a handshake or a discover.
  case handshaken
  /// The server ended without an answer, and what it said last shows a symptom.
  case lastWords(LastWords)
  /// The server has not answered anything yet.
  case slow(SlowStart)
  /// The host closed its end, or can no longer be written to.
  case hostClosed
  /// The server's output has ended and all of it has gone to the host.
  case finished
  /// A call of an item that waits could be decided by whoever sits at the host. Answered with
  /// `question` of this number; a number is used once.
  case ask(number: UInt64, item: PinnedItem)
  /// What came of a question. Answered with the pins that follow from it, and `decided`.
  case answered(number: UInt64, HostAnswer)

  public static let longestFrame = 4 << 20
}

public struct ControlField: Equatable, Sendable {
  public enum Value: Equatable, Sendable {
    case text([UInt8])
    case integer(Int64)
    case boolean(Bool)
  }

  public let name: String
  public let value: Value

  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension RelayReport {
  public func frame() -> [UInt8] {
    switch self {
    case .ready: return FrameWriter(type: 1).finished()
    case .failed(let step, let errno):
      var writer = FrameWriter(type: 2)
      writer.append(step)
      writer.append(Int(errno))
      return writer.finished()
    case .item(let sequence, let kind, let name, let canonical):
      var writer = FrameWriter(type: 3)
      writer.append(sequence)
      writer.append(kind)
      writer.append(name)
      writer.append(canonical)
      return writer.finished()
    case .observed(let sequence, let kind, let present):
      var writer = FrameWriter(type: 4)
      writer.append(sequence)
      writer.append(kind)
      writer.append(present) { writer, item in writer.append(item) }
      return writer.finished()
    case .event(let kind, let fields):
      var writer = FrameWriter(type: 5)
      writer.append(kind)
      writer.append(fields) { writer, field in
        writer.append(field.name)
        switch field.value {
        case .text(let bytes):
          writer.append(1)
          writer.append(bytes)
        case .integer(let value):
          writer.append(2)
          writer.append(value)
        case .boolean(let value):
          writer.append(3)
          writer.append(value)
        }
      }
      return writer.finished()
    case .handshaken: return FrameWriter(type: 6).finished()
    case .hostClosed: return FrameWriter(type: 7).finished()
    case .finished: return FrameWriter(type: 8).finished()
    case .lastWords(let words):
      var writer = FrameWriter(type: 9)
      writer.append(words)
      return writer.finished()
    case .slow(let start):
      var writer = FrameWriter(type: 10)
      writer.append(start)
      return writer.finished()
    case .ask(let number, let item):
      var writer = FrameWriter(type: 21)
      writer.append(number)
      writer.append(item)
      return writer.finished()
    case .answered(let number, let answer):
      var writer = FrameWriter(type: 22)
      writer.append(number)
      writer.append(answer.rawValue)
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1: self = .ready
    case 2:
      let step = try fields.text()
      self = .failed(step: step, errno: try fields.small())
    case 3:
      self = .item(
        sequence: try fields.integer(), kind: try fields.text(), name: try fields.bytes(),
        canonical: try fields.bytes())
    case 4:
      self = .observed(
        sequence: try fields.integer(), kind: try fields.text(), present: try fields.items())
    case 5:
      let kind = try fields.text()
      self = .event(
        kind: kind,
        fields: try fields.list { (fields) throws(FrameError) in
          let name = try fields.text()
          switch try fields.signed() {
          case 1: return ControlField(name, .text(try fields.bytes()))
          case 2: return ControlField(name, .integer(try fields.signed()))
          case 3: return ControlField(name, .boolean(try fields.boolean()))
          default: throw .invalid("field of \(kind)")
          }
        })
    case 6: self = .handshaken
    case 7: self = .hostClosed
    case 8: self = .finished
    case 9: self = .lastWords(try fields.lastWords())
    case 10: self = .slow(try fields.slowStart())
    case 21: self = .ask(number: try fields.integer(), item: try fields.item())
    case 22:
      let number = try fields.integer()
      guard let answer = HostAnswer(rawValue: try fields.text()) else { throw .invalid("answer") }
      self = .answered(number: number, answer)
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}
