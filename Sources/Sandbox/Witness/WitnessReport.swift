public import Control
public import SystemCallFilter

/// What the witness of a verbose launch tells the supervisor. It stands beside a hostile program and
/// repeats the paths that this one wrote, so its words are an attacker's: typed, bounded, and never
/// more than a report.
public enum WitnessReport: Equatable, Sendable {
  /// A call that the filter refused, at its first sight.
  case call(RefusedCall)
  /// A path that the server could not have, at its first sight.
  case path(RefusedPath)
  /// An address that the server called, at its first sight.
  case destination(Destination)
  /// A step of the witness's own set-up, or of its work, failed; it ends.
  case failed(step: String, subject: String, errno: Int32)
  /// The last: how often all of it happened, repetitions and what was not reported included.
  case totals(Totals)

  public struct RefusedCall: Hashable, Sendable {
    public let number: Int32
    /// What the filter answered, and the server got.
    public let errno: Int32
    public let arguments: [ExaminedArguments.Argument]

    public init(number: Int32, errno: Int32, arguments: [ExaminedArguments.Argument]) {
      self.number = number
      self.errno = errno
      self.arguments = arguments
    }
  }

  public struct RefusedPath: Hashable, Sendable {
    public let act: PathAct
    /// What the kernel says to the witness's own look, with the server's rights.
    public let errno: Int32
    /// Absolute, as the server sees it; not UTF-8 necessarily.
    public let path: [UInt8]

    public init(act: PathAct, errno: Int32, path: [UInt8]) {
      self.act = act
      self.errno = errno
      self.path = path
    }
  }

  public struct Destination: Hashable, Sendable {
    /// 4 or 16 bytes, in network order.
    public let address: [UInt8]
    public let port: UInt16

    public init(address: [UInt8], port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  public struct Totals: Equatable, Sendable {
    public var calls: UInt64 = 0
    public var paths: UInt64 = 0
    public var destinations: UInt64 = 0
    /// Those that were not reported because there were too many, repetitions included.
    public var unreported: UInt64 = 0
    /// Paths that could not be read or looked at.
    public var unseen: UInt64 = 0

    public init() {}
  }

  /// The longest path of the kernel, and what is around it.
  public static let longestFrame = 8 << 10
  static let longestPath = 4096
}

extension WitnessReport {
  public func frame() -> [UInt8] {
    switch self {
    case .call(let call):
      var writer = FrameWriter(type: 1)
      writer.append(Int(call.number))
      writer.append(Int(call.errno))
      writer.append(call.arguments) { writer, argument in
        writer.append(argument.index)
        writer.append(UInt64(argument.value))
      }
      return writer.finished()
    case .path(let path):
      var writer = FrameWriter(type: 2)
      writer.append(UInt64(path.act.rawValue))
      writer.append(Int(path.errno))
      writer.append(path.path)
      return writer.finished()
    case .destination(let destination):
      var writer = FrameWriter(type: 3)
      writer.append(destination.address)
      writer.append(UInt64(destination.port))
      return writer.finished()
    case .failed(let step, let subject, let errno):
      var writer = FrameWriter(type: 4)
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
      return writer.finished()
    case .totals(let totals):
      var writer = FrameWriter(type: 5)
      for number in [
        totals.calls, totals.paths, totals.destinations, totals.unreported, totals.unseen,
      ] { writer.append(number) }
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      let number = try fields.int32("number")
      let errno = try fields.errno()
      let arguments = try fields.list { (fields) throws(FrameError) in
        let index = try fields.integer()
        guard index < 6 else { throw .invalid("argument") }
        return ExaminedArguments.Argument(index: Int(index), value: try fields.number())
      }
      guard arguments.count <= 6 else { throw .invalid("arguments") }
      self = .call(RefusedCall(number: number, errno: errno, arguments: arguments))
    case 2:
      guard let raw = UInt8(exactly: try fields.integer()), let act = PathAct(rawValue: raw) else {
        throw .invalid("act")
      }
      let errno = try fields.errno()
      let path = try fields.bytes()
      guard path.first == UInt8(ascii: "/"), path.count <= Self.longestPath, !path.contains(0)
      else { throw .invalid("path") }
      self = .path(RefusedPath(act: act, errno: errno, path: path))
    case 3:
      let address = try fields.bytes()
      guard [4, 16].contains(address.count), let port = UInt16(exactly: try fields.integer())
      else { throw .invalid("destination") }
      self = .destination(Destination(address: address, port: port))
    case 4:
      self = .failed(
        step: try fields.text(), subject: try fields.text(), errno: try fields.int32("errno"))
    case 5:
      var totals = Totals()
      totals.calls = try fields.integer()
      totals.paths = try fields.integer()
      totals.destinations = try fields.integer()
      totals.unreported = try fields.integer()
      totals.unseen = try fields.integer()
      self = .totals(totals)
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}

extension FrameFields {
  fileprivate mutating func int32(_ what: String) throws(FrameError) -> Int32 {
    guard let value = Int32(exactly: try signed()) else { throw .invalid(what) }
    return value
  }

  /// The kernel's own are below 4096.
  fileprivate mutating func errno() throws(FrameError) -> Int32 {
    let value = try int32("errno")
    guard (1..<4096).contains(value) else { throw .invalid("errno") }
    return value
  }
}
