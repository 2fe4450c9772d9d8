public import JSON

/// The two ways in which MCP is spoken; they mix freely on one machine.
public enum Era: Sendable {
  /// Up to 2025-11-25: an `initialize` handshake, then a session.
  case legacy
  /// From 2026-07-28: no handshake, every request carries its version in `_meta`.
  case modern
}

/// A published version of the protocol.
public struct ProtocolVersion: Hashable, Sendable {
  public let name: JSONString
  public let era: Era
  /// Only 2025-03-26 has batches: before, they were unspecified; after, removed.
  public let hasBatches: Bool

  public static let v2024_11_05 = ProtocolVersion(
    name: "2024-11-05", era: .legacy, hasBatches: false)
  public static let v2025_03_26 = ProtocolVersion(
    name: "2025-03-26", era: .legacy, hasBatches: true)
  public static let v2025_06_18 = ProtocolVersion(
    name: "2025-06-18", era: .legacy, hasBatches: false)
  public static let v2025_11_25 = ProtocolVersion(
    name: "2025-11-25", era: .legacy, hasBatches: false)
  public static let v2026_07_28 = ProtocolVersion(
    name: "2026-07-28", era: .modern, hasBatches: false)

  /// Oldest first.
  public static let all = [v2024_11_05, v2025_03_26, v2025_06_18, v2025_11_25, v2026_07_28]

  /// The version of this name; nil for one that is not published.
  public static func named(_ name: JSONString) -> ProtocolVersion? {
    all.first { $0.name == name }
  }
}
