import Control
import Digest

/// What the supervisor tells the process that starts the program which asks.
enum AskerOrder: Equatable {
  /// First of all. The environment is the program's, each `NAME=VALUE`.
  case configure(program: [String], environment: [[UInt8]], seconds: Int)
  /// One at a time: the next comes once this is answered.
  ///
  /// - Parameter arguments: behind the program's own.
  case ask(number: UInt64, arguments: [String], text: [UInt8])
  /// It is decided already: the program is ended.
  case withdraw

  static let longestFrame = 8 << 20

  func frame() -> [UInt8] {
    switch self {
    case .configure(let program, let environment, let seconds):
      var writer = FrameWriter(type: 1)
      writer.append(program) { $0.append($1) }
      writer.append(environment) { $0.append($1) }
      writer.append(seconds)
      return writer.finished()
    case .ask(let number, let arguments, let text):
      var writer = FrameWriter(type: 2)
      writer.append(number)
      writer.append(arguments) { $0.append($1) }
      writer.append(text)
      return writer.finished()
    case .withdraw: return FrameWriter(type: 3).finished()
    }
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      self = .configure(
        program: try fields.list { (fields) throws(FrameError) in try fields.text() },
        environment: try fields.list { (fields) throws(FrameError) in try fields.bytes() },
        seconds: Int(try fields.signed()))
    case 2:
      self = .ask(
        number: try fields.integer(),
        arguments: try fields.list { (fields) throws(FrameError) in try fields.text() },
        text: try fields.bytes())
    case 3: self = .withdraw
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}

/// What came of one start of the program.
enum ProgramAnswer: Equatable {
  case approve(Digest)
  case reject(Digest)
  case later
  /// It ended without one of these, in words of Cordon's own.
  case none(String)
  case failed(step: String, subject: String, errno: Int32)
}

struct AskerReport: Equatable {
  let number: UInt64
  let answer: ProgramAnswer

  static let longestFrame = 64 << 10

  func frame() -> [UInt8] {
    var writer = FrameWriter(type: 1)
    writer.append(number)
    switch answer {
    case .approve(let digest):
      writer.append("approve")
      writer.append(digest.bytes)
    case .reject(let digest):
      writer.append("reject")
      writer.append(digest.bytes)
    case .later: writer.append("later")
    case .none(let reason):
      writer.append("none")
      writer.append(reason)
    case .failed(let step, let subject, let errno):
      writer.append("failed")
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
    }
    return writer.finished()
  }

  init(number: UInt64, answer: ProgramAnswer) {
    self.number = number
    self.answer = answer
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    guard fields.type == 1 else { throw .invalid("type \(fields.type)") }
    number = try fields.integer()
    switch try fields.text() {
    case "approve": answer = .approve(try fields.digest())
    case "reject": answer = .reject(try fields.digest())
    case "later": answer = .later
    case "none": answer = .none(try fields.text())
    case "failed":
      answer = .failed(
        step: try fields.text(), subject: try fields.text(), errno: try fields.small())
    default: throw .invalid("answer")
    }
    try fields.end()
  }
}

extension FrameFields {
  fileprivate mutating func digest() throws(FrameError) -> Digest {
    guard let digest = Digest(bytes: try bytes()) else { throw .invalid("digest") }
    return digest
  }
}
