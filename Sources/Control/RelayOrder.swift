/// What the supervisor tells the relay.
public enum RelayOrder: Equatable, Sendable {
  /// First of all, before the relay confines itself.
  case configure(RelayConfiguration)
  /// What is approved, rejected and waiting. Sent before the first byte is relayed, as the answer
  /// to every observation, and whenever the store changes.
  case pins(PinSnapshot)
  /// Close the server's standard input: the sandbox is being ended.
  case closeServer
  /// The server is gone, and how, in Cordon's own words: what it has not answered is answered with
  /// that.
  case serverEnded(reason: String)
  /// The answer to `ask`: what the host is to show a person; nil where nothing is to be asked.
  case question(number: UInt64, text: String?)
  /// What was answered has had its effect: the pins before this order are those after it.
  case decided(number: UInt64)

  public static let longestFrame = 64 << 20
}

public struct RelayConfiguration: Equatable, Sendable {
  public enum Mode: Equatable, Sendable {
    case relay
    /// Nothing was started: answer the host's first request with this, then end.
    case refuse(message: String, waitMilliseconds: Int)
  }

  public var serverName: String
  public var mode: Mode
  /// The longest message, in bytes, in either direction.
  public var messageSize: Int
  public var limits: RelayLimits
  /// Whether the host is told that something waits for review.
  public var notice: Bool
  /// Whether a call's event carries the digest of its arguments.
  public var digestArguments: Bool
  /// Whether the relay must not run without Landlock: the kernel has it, or nobody accepted that
  /// it has none.
  public var requiresLandlock: Bool
  /// Values that must not appear in what the server writes to its standard error.
  public var secrets: [NamedSecret]
  /// What of the protocol may be used.
  public var rules: ProtocolRules
  /// Whether resources are withheld until they are approved, and not only reported.
  public var withholdResources: Bool
  /// Seconds that a question through the host's elicitation may wait; nil where the host is never
  /// asked.
  public var questionSeconds: Int?

  public init(
    serverName: String, mode: Mode, messageSize: Int, limits: RelayLimits = RelayLimits(),
    notice: Bool, digestArguments: Bool,
    requiresLandlock: Bool, secrets: [NamedSecret], rules: ProtocolRules = ProtocolRules(),
    withholdResources: Bool = false,
    questionSeconds: Int? = nil
  ) {
    self.serverName = serverName
    self.mode = mode
    self.messageSize = messageSize
    self.limits = limits
    self.notice = notice
    self.digestArguments = digestArguments
    self.requiresLandlock = requiresLandlock
    self.secrets = secrets
    self.rules = rules
    self.withholdResources = withholdResources
    self.questionSeconds = questionSeconds
  }
}

public struct NamedSecret: Equatable, Sendable {
  public let name: String
  public let value: [UInt8]

  public init(name: String, value: [UInt8]) {
    self.name = name
    self.value = value
  }
}

/// One item by kind, name and digest, as bytes: names are compared byte by byte.
public struct PinnedItem: Hashable, Sendable {
  public let kind: String
  public let name: [UInt8]
  /// SHA-256, 32 bytes.
  public let digest: [UInt8]

  public init(kind: String, name: [UInt8], digest: [UInt8]) {
    self.kind = kind
    self.name = name
    self.digest = digest
  }

  /// The digest alone tells kinds and names apart well enough.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

public struct PinSnapshot: Equatable, Sendable {
  /// The observation that this answers; 0 where the store changed by itself.
  public var sequence: UInt64
  public var approved: [PinnedItem]
  public var rejected: [PinnedItem]
  public var waiting: [PinnedItem]
  /// The approved capabilities in canonical form: those of a changed set that are in it pass. Nil
  /// where none are approved.
  public var capabilities: [UInt8]?

  public init(
    sequence: UInt64, approved: [PinnedItem], rejected: [PinnedItem], waiting: [PinnedItem],
    capabilities: [UInt8]? = nil
  ) {
    self.sequence = sequence
    self.approved = approved
    self.rejected = rejected
    self.waiting = waiting
    self.capabilities = capabilities
  }
}

extension RelayOrder {
  public func frame() -> [UInt8] {
    switch self {
    case .configure(let configuration):
      var writer = FrameWriter(type: 1)
      writer.append(configuration.serverName)
      switch configuration.mode {
      case .relay: writer.append(false)
      case .refuse(let message, let wait):
        writer.append(true)
        writer.append(message)
        writer.append(wait)
      }
      writer.append(configuration.messageSize)
      configuration.limits.append(to: &writer)
      writer.append(configuration.notice)
      writer.append(configuration.digestArguments)
      writer.append(configuration.requiresLandlock)
      writer.append(configuration.secrets) { writer, secret in
        writer.append(secret.name)
        writer.append(secret.value)
      }
      writer.append(configuration.rules)
      writer.append(configuration.withholdResources)
      writer.append(configuration.questionSeconds.map { [$0] } ?? []) { $0.append($1) }
      return writer.finished()
    case .pins(let snapshot):
      var writer = FrameWriter(type: 2)
      writer.append(snapshot.sequence)
      for items in [snapshot.approved, snapshot.rejected, snapshot.waiting] {
        writer.append(items) { writer, item in writer.append(item) }
      }
      writer.append(snapshot.capabilities != nil)
      if let capabilities = snapshot.capabilities { writer.append(capabilities) }
      return writer.finished()
    case .closeServer:
      return FrameWriter(type: 3).finished()
    case .serverEnded(let reason):
      var writer = FrameWriter(type: 4)
      writer.append(reason)
      return writer.finished()
    case .question(let number, let text):
      var writer = FrameWriter(type: 21)
      writer.append(number)
      writer.append(text.map { [$0] } ?? []) { $0.append($1) }
      return writer.finished()
    case .decided(let number):
      var writer = FrameWriter(type: 22)
      writer.append(number)
      return writer.finished()
    }
  }

  public init(_ frame: FrameFields) throws(FrameError) {
    var fields = frame
    switch fields.type {
    case 1:
      let name = try fields.text()
      var mode = RelayConfiguration.Mode.relay
      if try fields.boolean() {
        let message = try fields.text()
        mode = .refuse(message: message, waitMilliseconds: Int(try fields.signed()))
      }
      self = .configure(
        RelayConfiguration(
          serverName: name, mode: mode, messageSize: Int(try fields.signed()),
          limits: try RelayLimits(&fields),
          notice: try fields.boolean(), digestArguments: try fields.boolean(),
          requiresLandlock: try fields.boolean(),
          secrets: try fields.list { (fields) throws(FrameError) in
            NamedSecret(name: try fields.text(), value: try fields.bytes())
          },
          rules: try fields.protocolRules(), withholdResources: try fields.boolean(),
          questionSeconds: try fields.atMostOne { (fields) throws(FrameError) in
            try fields.count(from: 1)
          }))
    case 2:
      var snapshot = PinSnapshot(
        sequence: try fields.integer(), approved: try fields.items(),
        rejected: try fields.items(), waiting: try fields.items())
      if try fields.boolean() { snapshot.capabilities = try fields.bytes() }
      self = .pins(snapshot)
    case 3: self = .closeServer
    case 4: self = .serverEnded(reason: try fields.text())
    case 21:
      self = .question(
        number: try fields.integer(),
        text: try fields.atMostOne { (fields) throws(FrameError) in try fields.text() })
    case 22: self = .decided(number: try fields.integer())
    default: throw .invalid("type \(fields.type)")
    }
    try fields.end()
  }
}

extension FrameWriter {
  mutating func append(_ item: PinnedItem) {
    append(item.kind)
    append(item.name)
    append(item.digest)
  }
}

extension FrameFields {
  mutating func item() throws(FrameError) -> PinnedItem {
    PinnedItem(kind: try text(), name: try bytes(), digest: try bytes())
  }

  mutating func items() throws(FrameError) -> [PinnedItem] {
    try list { (fields) throws(FrameError) in try fields.item() }
  }
}
