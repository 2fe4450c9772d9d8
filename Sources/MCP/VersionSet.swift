/// Some of the published versions.
public struct VersionSet: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let v2024_11_05 = VersionSet(rawValue: 1 << 0)
  public static let v2025_03_26 = VersionSet(rawValue: 1 << 1)
  public static let v2025_06_18 = VersionSet(rawValue: 1 << 2)
  public static let v2025_11_25 = VersionSet(rawValue: 1 << 3)
  public static let v2026_07_28 = VersionSet(rawValue: 1 << 4)

  /// Those that begin with `initialize`.
  public static let legacy: VersionSet = [
    .v2024_11_05, .v2025_03_26, .v2025_06_18, .v2025_11_25,
  ]
  /// Those without a handshake, in which every request says its version.
  public static let modern: VersionSet = .v2026_07_28
  public static let all: VersionSet = [.legacy, .modern]

  public init(_ version: ProtocolVersion) {
    let index = ProtocolVersion.all.firstIndex(of: version) ?? ProtocolVersion.all.count
    self.init(rawValue: 1 << UInt8(index))
  }

  public func contains(_ version: ProtocolVersion) -> Bool {
    contains(VersionSet(version))
  }
}

/// The two ways in which sessions are led.
public enum Era: String, CaseIterable, Sendable {
  case legacy, modern

  public var versions: VersionSet {
    switch self {
    case .legacy: .legacy
    case .modern: .modern
    }
  }
}

extension ProtocolVersion {
  public var era: Era { VersionSet.modern.contains(self) ? .modern : .legacy }
}
