public import JSON

/// A published version of the protocol.
public struct ProtocolVersion: Hashable, Sendable {
  public let name: JSONString
  /// Only 2025-03-26 has batches: before, they were unspecified; after, removed.
  public let hasBatches: Bool

  public static let v2024_11_05 = ProtocolVersion(name: "2024-11-05", hasBatches: false)
  public static let v2025_03_26 = ProtocolVersion(name: "2025-03-26", hasBatches: true)
  public static let v2025_06_18 = ProtocolVersion(name: "2025-06-18", hasBatches: false)
  public static let v2025_11_25 = ProtocolVersion(name: "2025-11-25", hasBatches: false)
  public static let v2026_07_28 = ProtocolVersion(name: "2026-07-28", hasBatches: false)

  /// Oldest first.
  public static let all = [v2024_11_05, v2025_03_26, v2025_06_18, v2025_11_25, v2026_07_28]

  /// The version of this name; nil for one that is not published.
  public static func named(_ name: JSONString) -> ProtocolVersion? {
    all.first { $0.name == name }
  }
}
