import Control
import Kernel

/// What the process that empties a directory tells, once.
enum RemovalReport: Equatable {
  /// A step of its own confinement failed; nothing was removed.
  case failed(step: String, subject: String, errno: Int32)
  /// The directory is empty now.
  case emptied(removed: UInt64)
  /// So many names went, and this one could not go, at the least.
  case left(removed: UInt64, path: [UInt8], errno: Int32)

  /// The names of 32 directories, and one more.
  static let longestFrame = 64 << 10

  func frame() -> [UInt8] {
    switch self {
    case .failed(let step, let subject, let errno):
      var writer = FrameWriter(type: 1)
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
      return writer.finished()
    case .emptied(let removed):
      var writer = FrameWriter(type: 2)
      writer.append(removed)
      return writer.finished()
    case .left(let removed, let path, let errno):
      var writer = FrameWriter(type: 3)
      writer.append(removed)
      writer.append(path)
      writer.append(Int(errno))
      return writer.finished()
    }
  }

  init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      self = .failed(
        step: try fields.text(), subject: try fields.text(),
        errno: Int32(truncatingIfNeeded: try fields.signed()))
    case 2: self = .emptied(removed: try fields.integer())
    case 3:
      self = .left(
        removed: try fields.integer(), path: try fields.bytes(),
        errno: Int32(truncatingIfNeeded: try fields.signed()))
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}
