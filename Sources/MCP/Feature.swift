public import JSON

/// One of the two ends of a session.
public enum Party: String, CaseIterable, Sendable {
  case client, server

  public var other: Party { self == .client ? .server : .client }
}

/// What a method is part of, and is gone with when it is denied.
public enum Feature: String, CaseIterable, Sendable {
  /// Needs no capability: handshakes, ping, cancellation, progress, subscriptions as such.
  case base
  case tools, prompts, resources, completions, logging
  /// Of single resources; in the modern era part of `subscriptions/listen`.
  case resourceSubscriptions
  case sampling, elicitation, roots
  /// Those of 2025-11-25, which are part of the protocol.
  case tasks
  /// Those of the modern era, which are an extension.
  case tasksExtension

  /// Where each side declares the feature; empty for what needs no word.
  public var capabilities: [Capability] {
    switch self {
    case .base: []
    case .tools: [Capability(.server, "tools", in: .all)]
    case .prompts: [Capability(.server, "prompts", in: .all)]
    case .resources: [Capability(.server, "resources", in: .all)]
    case .completions:
      [Capability(.server, "completions", in: VersionSet.all.subtracting(.v2024_11_05))]
    case .logging: [Capability(.server, "logging", in: .all)]
    case .resourceSubscriptions: [Capability(.server, "resources", "subscribe", in: .all)]
    case .sampling: [Capability(.client, "sampling", in: .all)]
    case .elicitation:
      [Capability(.client, "elicitation", in: [.v2025_06_18, .v2025_11_25, .v2026_07_28])]
    case .roots: [Capability(.client, "roots", in: .all)]
    case .tasks: Party.allCases.map { Capability($0, "tasks", in: .v2025_11_25) }
    case .tasksExtension:
      Party.allCases.map {
        Capability($0, "extensions", ExtensionName.tasks, in: .v2026_07_28)
      }
    }
  }
}

/// A member of what a side declares that it can do.
public struct Capability: Hashable, Sendable {
  public let declarer: Party
  /// The keys from `capabilities` inwards.
  public let path: [JSONString]
  /// The versions whose schema has the key.
  public let versions: VersionSet

  init(_ declarer: Party, _ path: JSONString..., in versions: VersionSet) {
    self.declarer = declarer
    self.path = path
    self.versions = versions
  }
}

/// The names of extensions that Cordon knows more of than that they exist.
public enum ExtensionName {
  public static let tasks: JSONString = "io.modelcontextprotocol/tasks"
}
