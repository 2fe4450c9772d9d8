public import Digest

/// Who decided, by which way, and when.
public struct DecisionOrigin: Hashable, Sendable {
  /// Such as `uid 1000`, or `cordon` for what a rule decides.
  public let who: String
  /// Such as `review`, `approve`, `first-use`.
  public let how: String
  /// RFC 3339.
  public let at: String

  public init(who: String, how: String, at: String) {
    self.who = who
    self.how = how
    self.at = at
  }
}

/// One line of a server's history: a decision, never an observation.
public struct HistoryEntry: Hashable, Sendable {
  public enum Action: String, CaseIterable, Sendable {
    case approved, rejected, revoked
    /// Everything that was approved for another lineage was dropped.
    case dropped
    case forgotten
  }

  public let action: Action
  public let origin: DecisionOrigin
  /// Nil for what concerns the whole record.
  public let key: ItemKey?
  public let digest: Digest?
  /// What was approved before.
  public let from: Digest?
  /// How many items, for what concerns several.
  public let count: Int?

  init(
    _ action: Action, _ origin: DecisionOrigin, key: ItemKey? = nil, digest: Digest? = nil,
    from: Digest? = nil, count: Int? = nil
  ) {
    self.action = action
    self.origin = origin
    self.key = key
    self.digest = digest
    self.from = from
    self.count = count
  }
}
