/// A capability of the protocol's that a profile decides about by name, as `protocol` has it.
public enum Capability: String, CaseIterable, Sendable {
  /// The server asks the host's model.
  case sampling
  /// The server asks the user: forms, and addresses to open.
  case elicitation
  /// The server asks which directories the host works in.
  case roots
  /// The server writes to the host's log through messages.
  case logging
  /// Requests whose results are fetched later: the capability of 2025-11-25, and the extension
  /// `io.modelcontextprotocol/tasks` of 2026.
  case tasks
}

/// Whether a capability may be used.
public enum CapabilityRule: String, CaseIterable, Sendable {
  case allow
  /// Taken out of what either side declares; a request that uses it all the same is answered as by
  /// a peer without it.
  case deny
}
