import Kernel

/// What the egress process is told before it confines itself.
public struct EgressConfiguration: Hashable, Sendable {
  public var serverName: String
  public var layout: EgressLayout
  public var rules: [EgressRule]
  /// They win over `rules`.
  public var denials: [EgressRule]
  public var limits: EgressLimits
  /// Whether the process must not run without Landlock.
  public var requiresLandlock: Bool

  public init(
    serverName: String, layout: EgressLayout, rules: [EgressRule], denials: [EgressRule],
    limits: EgressLimits = EgressLimits(), requiresLandlock: Bool
  ) {
    self.serverName = serverName
    self.layout = layout
    self.rules = rules
    self.denials = denials
    self.limits = limits
    self.requiresLandlock = requiresLandlock
  }
}

/// Bounds on what a server's connections may take.
public struct EgressLimits: Hashable, Sendable {
  /// At the same time.
  public var connections: Int
  /// Seconds for the first bytes of a connection that is inspected, and for connecting outside.
  public var openingSeconds: Int
  /// Seconds without a byte in either direction; 0 for no limit.
  public var idleSeconds: Int
  /// The same once the client has said its last, or has been passed on the server's, where that is
  /// less: the client may be gone, and its destination not care.
  public var endingSeconds: Int
  /// Names below wildcards that a server may ask for the first time, in a minute.
  public var newNamesPerMinute: Int

  public init(
    connections: Int = 1024, openingSeconds: Int = 30, idleSeconds: Int = 3600,
    endingSeconds: Int = 120, newNamesPerMinute: Int = 30
  ) {
    self.connections = connections
    self.openingSeconds = openingSeconds
    self.idleSeconds = idleSeconds
    self.endingSeconds = endingSeconds
    self.newNamesPerMinute = newNamesPerMinute
  }
}

/// What the supervisor tells the egress process.
public enum EgressOrder: Equatable, Sendable {
  case configure(EgressConfiguration)

  public static let longestFrame = 8 << 20

  public func frame() -> [UInt8] {
    switch self {
    case .configure(let configuration):
      var writer = FrameWriter(type: 1)
      writer.append(configuration.serverName)
      configuration.layout.append(to: &writer)
      writer.append(configuration.rules) { $1.append(to: &$0) }
      writer.append(configuration.denials) { $1.append(to: &$0) }
      let limits = configuration.limits
      for number in [
        limits.connections, limits.openingSeconds, limits.idleSeconds, limits.endingSeconds,
        limits.newNamesPerMinute,
      ] { writer.append(number) }
      writer.append(configuration.requiresLandlock)
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    guard fields.type == 1 else { throw .invalid("type \(fields.type)") }
    let name = try fields.text()
    let layout = try EgressLayout(&fields)
    let rules = try fields.list { (fields) throws(FrameError) in try EgressRule(&fields) }
    let denials = try fields.list { (fields) throws(FrameError) in try EgressRule(&fields) }
    let limits = EgressLimits(
      connections: Int(try fields.signed()), openingSeconds: Int(try fields.signed()),
      idleSeconds: Int(try fields.signed()), endingSeconds: Int(try fields.signed()),
      newNamesPerMinute: Int(try fields.signed()))
    self = .configure(
      EgressConfiguration(
        serverName: name, layout: layout, rules: rules, denials: denials, limits: limits,
        requiresLandlock: try fields.boolean()))
    try fields.end()
  }
}

extension EgressRule {
  func append(to writer: inout FrameWriter) {
    switch destination {
    case .host(let name):
      writer.append(1)
      writer.append(name)
    case .subdomains(let name):
      writer.append(2)
      writer.append(name)
    case .loopback: writer.append(3)
    case .network(let address, let length):
      writer.append(4)
      writer.append(address.networkOrder)
      writer.append(length)
    }
    writer.append(port.map { [$0] } ?? []) { $0.append(UInt64($1)) }
    writer.append(inspection.map { [$0] } ?? []) { $0.append($1.rawValue) }
    writer.append(allowsMissingName)
    writer.append(allowsPrivate)
  }

  init(_ fields: inout FrameFields) throws(FrameError) {
    let destination: Destination
    switch try fields.signed() {
    case 1: destination = .host(try fields.bytes())
    case 2: destination = .subdomains(try fields.bytes())
    case 3: destination = .loopback
    case 4:
      let address = try fields.address()
      guard let length = Int(exactly: try fields.signed()), (0...address.width).contains(length)
      else { throw .invalid("prefix length") }
      destination = .network(address, prefixLength: length)
    default: throw .invalid("destination")
    }
    let port = try fields.atMostOne { (fields) throws(FrameError) in try fields.port() }
    let inspection = try fields.atMostOne { (fields) throws(FrameError) -> Inspection in
      guard let inspection = Inspection(rawValue: try fields.integer()) else {
        throw .invalid("inspection")
      }
      return inspection
    }
    self.init(
      destination, port: port, inspection: inspection, allowsMissingName: try fields.boolean(),
      allowsPrivate: try fields.boolean())
  }
}
