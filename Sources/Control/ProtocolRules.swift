/// What of the protocol a session may use, as the profile says it.
public struct ProtocolRules: Equatable, Sendable {
  /// What a profile decides about by name; the raw value is its field.
  public enum Capability: String, CaseIterable, Sendable {
    case sampling, elicitation, roots, logging, tasks
  }

  /// Taken out of what either side declares, and answered as by a peer without them.
  public var denied: Set<Capability>
  /// The extensions, experimental capabilities and capabilities unknown to the protocol that pass,
  /// by name. Any other is taken out of what either side declares.
  public var extensions: [[UInt8]]
  /// Absolute paths without `.`, `..` and a final slash, as the server sees them: a root of the
  /// host's passes when it is one of them or lies below one.
  ///
  /// A grant is mounted at its own path, so that the host's paths and the server's are the same; a
  /// link that was granted is there under the link's name. The private home is at a path of the
  /// sandbox's own.
  public var roots: [[UInt8]]

  public init(
    denied: Set<Capability> = [], extensions: [[UInt8]] = [], roots: [[UInt8]] = []
  ) {
    self.denied = denied
    self.extensions = extensions
    self.roots = roots
  }
}

extension FrameWriter {
  mutating func append(_ rules: ProtocolRules) {
    append(ProtocolRules.Capability.allCases.filter { rules.denied.contains($0) }) {
      $0.append($1.rawValue)
    }
    append(rules.extensions) { $0.append($1) }
    append(rules.roots) { $0.append($1) }
  }
}

extension FrameFields {
  /// - Throws: `invalid` for a capability that this protocol does not have: a rule that is not
  ///   understood must not be taken for none.
  mutating func protocolRules() throws(FrameError) -> ProtocolRules {
    let denied = try list { (fields) throws(FrameError) in
      guard let capability = ProtocolRules.Capability(rawValue: try fields.text()) else {
        throw .invalid("capability")
      }
      return capability
    }
    return ProtocolRules(
      denied: Set(denied),
      extensions: try list { (fields) throws(FrameError) in try fields.bytes() },
      roots: try list { (fields) throws(FrameError) in try fields.bytes() })
  }
}
