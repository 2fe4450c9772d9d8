public import Control

/// What the supervisor tells the stage.
public enum StageOrder: Equatable, Sendable {
  /// Comes with one descriptor per source where the supervisor opened the sources, as root does.
  case carryOut(Plan, descriptorCount: Int)
  /// Send this signal to the server.
  case signal(Int32)
  /// All is decided: the server's program may run once the sandbox stands.
  case letServerRun

  public static let longestFrame = 8 << 20

  public func frame() -> [UInt8] {
    switch self {
    case .carryOut(let plan, let count):
      var writer = FrameWriter(type: 1)
      plan.write(to: &writer)
      writer.append(count)
      return writer.finished()
    case .signal(let number):
      var writer = FrameWriter(type: 2)
      writer.append(Int(number))
      return writer.finished()
    case .letServerRun: return FrameWriter(type: 3).finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      let plan = try Plan(from: &fields)
      self = .carryOut(plan, descriptorCount: Int(try fields.number()))
    case 2: self = .signal(try fields.small())
    case 3: self = .letServerRun
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}

/// What the stage tells the supervisor. From `started` on it is PID 1 beside a hostile program, and
/// its words are an attacker's.
public enum StageReport: Equatable, Sendable {
  /// The step's name, what it acted on, and the kernel's answer; 0 where a check found a thing
  /// not to be so.
  case failed(step: String, subject: String, errno: Int32)
  /// The server's program runs.
  case started
  /// The server ended: its exit code, or the signal that ended it.
  case exited(status: Int32, signalled: Bool)
  /// This file system of the sandbox's had no room left when the server ended. Comes before
  /// `exited`.
  case full(path: String)

  public static let longestFrame = 64 << 10

  public func frame() -> [UInt8] {
    switch self {
    case .failed(let step, let subject, let errno):
      var writer = FrameWriter(type: 1)
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
      return writer.finished()
    case .started: return FrameWriter(type: 2).finished()
    case .exited(let status, let signalled):
      var writer = FrameWriter(type: 3)
      writer.append(Int(status))
      writer.append(signalled)
      return writer.finished()
    case .full(let path):
      var writer = FrameWriter(type: 4)
      writer.append(path)
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      self = .failed(
        step: try fields.text(), subject: try fields.text(),
        errno: try fields.small())
    case 2: self = .started
    case 3:
      let status = try fields.small()
      let signalled = try fields.boolean()
      guard (signalled ? 1...64 : 0...255).contains(status) else { throw .invalid("status") }
      self = .exited(status: status, signalled: signalled)
    case 4: self = .full(path: try fields.text())
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}
