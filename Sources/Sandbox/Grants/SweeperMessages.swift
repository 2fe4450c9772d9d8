import Control

/// The first and only order to the sweeper. Everything after it means the session's end, but for a
/// descriptor of the stage's process.
struct SweeperOrder: Equatable {
  /// Where sessions write down what they make.
  let directory: String
  let placeholders: [Placeholder]

  static let longestFrame = 8 << 20

  func frame() -> [UInt8] {
    var writer = FrameWriter(type: 1)
    writer.append(directory)
    writer.append(placeholders) { writer, placeholder in placeholder.write(to: &writer) }
    return writer.finished()
  }

  init(directory: String, placeholders: [Placeholder]) {
    self.directory = directory
    self.placeholders = placeholders
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    directory = try fields.text()
    placeholders = try fields.list { (fields) throws(FrameError) in
      try Placeholder(from: &fields)
    }
    try fields.end()
  }
}

/// The sweeper's only answer: everything stands, or the step that failed.
enum SweeperReport: Equatable {
  case made
  case failed(step: String, subject: String, errno: Int32)

  static let longestFrame = 64 << 10

  func frame() -> [UInt8] {
    switch self {
    case .made: return FrameWriter(type: 1).finished()
    case .failed(let step, let subject, let errno):
      var writer = FrameWriter(type: 2)
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
      return writer.finished()
    }
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1: self = .made
    case 2:
      self = .failed(
        step: try fields.text(), subject: try fields.text(),
        errno: Int32(truncatingIfNeeded: try fields.signed()))
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}
