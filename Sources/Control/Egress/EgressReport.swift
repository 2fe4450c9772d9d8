public import Kernel

/// What the egress process tells the supervisor, which takes all of it for an attacker's words.
public enum EgressReport: Equatable, Sendable {
  /// Confined, and serving.
  case ready
  /// A step before that failed; it ends.
  case failed(step: String, subject: String, errno: Int32)
  /// A connection that was allowed has ended.
  case connection(EgressConnection)
  /// Something was refused: once per subject and minute.
  case refused(EgressRefusal)

  public static let longestFrame = 64 << 10
  /// Bytes of a name or a detail: a name of the DNS has 253, an address in words fewer. More is taken
  /// for an attack.
  public static let longestText = 255
}

/// One connection, from its acceptance inside to its end.
public struct EgressConnection: Equatable, Sendable {
  public enum Outcome: String, CaseIterable, Sendable {
    /// Both sides ended it.
    case closed
    /// One side reset it, or it was ended over what its client said: then a refusal says why.
    case reset
    /// Nothing passed for too long.
    case idle
    /// The destination could not be reached: `errno` of the last attempt.
    case unreachable
    /// The name could not be resolved outside.
    case unresolved
    /// The session ended before it.
    case ended
  }

  /// The name, or the address in words where it was granted by address.
  public var name: [UInt8]
  public var port: UInt16
  /// What was connected to; nil where nothing could be.
  public var address: IPAddress?
  /// Bytes from the server, and to it.
  public var sent: UInt64
  public var received: UInt64
  public var milliseconds: UInt64
  public var outcome: Outcome
  /// Why it could not be reached; 0 where nothing failed.
  public var errno: Int32

  public init(
    name: [UInt8], port: UInt16, address: IPAddress?, sent: UInt64, received: UInt64,
    milliseconds: UInt64, outcome: Outcome, errno: Int32 = 0
  ) {
    self.name = name
    self.port = port
    self.address = address
    self.sent = sent
    self.received = received
    self.milliseconds = milliseconds
    self.outcome = outcome
    self.errno = errno
  }
}

/// Something that was not let out.
public struct EgressRefusal: Equatable, Sendable {
  public enum Reason: String, CaseIterable, Sendable {
    /// A name was asked for that no rule grants.
    case name
    /// A rule denies it by name.
    case denied
    /// Too many new names below a wildcard.
    case newNames = "new-names"
    /// The name is granted, on other ports.
    case port
    /// An address that stands for no name and is not granted.
    case address
    /// The name leads to addresses that its rule does not cover: `detail` is one of them.
    case resolved
    /// The ClientHello names another host: `detail`.
    case serverName = "server-name"
    case noServerName = "no-server-name"
    /// The ClientHello carries an encrypted one, with a name that cannot be read (ECH).
    case hiddenServerName = "hidden-server-name"
    /// No ClientHello, or one that can be read in two ways: `detail` says why.
    case notTLS = "not-tls"
    /// The request names another host: `detail`, which is empty where it names none.
    case host
    /// No HTTP/1 request, or one that can be read in two ways: `detail` says why.
    case notHTTP = "not-http"
    /// As many connections as there may be.
    case connections
  }

  public var reason: Reason
  /// The name that was asked for or connected to, or an address in words.
  public var name: [UInt8]
  /// 0 where it is not known yet.
  public var port: UInt16
  public var detail: [UInt8]
  /// How often since it was last told, this time included.
  public var count: UInt64

  public init(
    _ reason: Reason, name: [UInt8], port: UInt16 = 0, detail: [UInt8] = [], count: UInt64 = 1
  ) {
    self.reason = reason
    self.name = name
    self.port = port
    self.detail = detail
    self.count = count
  }
}

extension EgressReport {
  public func frame() -> [UInt8] {
    switch self {
    case .ready: return FrameWriter(type: 1).finished()
    case .failed(let step, let subject, let errno):
      var writer = FrameWriter(type: 2)
      writer.append(step)
      writer.append(subject)
      writer.append(Int(errno))
      return writer.finished()
    case .connection(let connection):
      var writer = FrameWriter(type: 3)
      writer.append(connection.name)
      writer.append(UInt64(connection.port))
      writer.append(connection.address?.networkOrder ?? [])
      writer.append(connection.sent)
      writer.append(connection.received)
      writer.append(connection.milliseconds)
      writer.append(connection.outcome.rawValue)
      writer.append(Int(connection.errno))
      return writer.finished()
    case .refused(let refusal):
      var writer = FrameWriter(type: 4)
      writer.append(refusal.reason.rawValue)
      writer.append(refusal.name)
      writer.append(UInt64(refusal.port))
      writer.append(refusal.detail)
      writer.append(refusal.count)
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1: self = .ready
    case 2:
      self = .failed(
        step: try fields.text(), subject: try fields.text(), errno: try fields.small())
    case 3:
      let name = try fields.bytes()
      let port = try fields.port()
      let bytes = try fields.bytes()
      let address = IPAddress(networkOrder: bytes)
      guard bytes.isEmpty || address != nil else { throw .invalid("address") }
      let numbers = (try fields.integer(), try fields.integer(), try fields.integer())
      guard let outcome = EgressConnection.Outcome(rawValue: try fields.text()) else {
        throw .invalid("outcome")
      }
      self = .connection(
        EgressConnection(
          name: name, port: port, address: address, sent: numbers.0, received: numbers.1,
          milliseconds: numbers.2, outcome: outcome, errno: try fields.small()))
    case 4:
      guard let reason = EgressRefusal.Reason(rawValue: try fields.text()) else {
        throw .invalid("reason")
      }
      self = .refused(
        EgressRefusal(
          reason, name: try fields.bytes(), port: try fields.port(), detail: try fields.bytes(),
          count: try fields.integer()))
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}
