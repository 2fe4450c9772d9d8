import JSON
import MCP

/// Which era the session is in. Nobody says it outright: a host probes with `server/discover`, may go
/// on with `initialize` whatever the answer, and a modern host sends no handshake at all.
extension Handshake {
  /// A request that names its version makes the session a modern one, unless there was a handshake.
  ///
  /// `server/discover` is only a question: its answer decides.
  mutating func note(_ request: Received, _ method: Method?) {
    guard era == nil, method != .discover, method != .initialize,
      let version = request.params.modernVersion
    else { return }
    era = .modern
    self.version = ProtocolVersion.named(version)
  }

  /// An answered `initialize` decides, also after modern requests.
  mutating func noteInitialized(_ version: JSONString?) {
    era = .legacy
    self.version = version.flatMap(ProtocolVersion.named)
  }

  /// A server that offers the version that was asked for will be spoken to in it. The host may still
  /// choose `initialize`.
  mutating func noteDiscovered(asked version: JSONString?, offered: [JSONString]) {
    guard era == nil, let version, offered.contains(version) else { return }
    era = .modern
    self.version = ProtocolVersion.named(version)
  }

  /// 2025-03-26 was negotiated.
  var allowsBatches: Bool { version?.hasBatches ?? false }
}

extension ObjectView? {
  /// The version that the parameters of a modern request name.
  var modernVersion: JSONString? {
    self?.object("_meta")?.string(MetaKey.protocolVersion)
  }

  /// Whether these are the parameters of a request of the modern era.
  var isModern: Bool {
    self?.object("_meta")?.member(MetaKey.protocolVersion) != nil
  }
}
