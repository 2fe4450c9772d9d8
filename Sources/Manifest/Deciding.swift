public import Digest

/// Why a decision was not taken. Nothing was changed.
public enum DecisionError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownItem(ItemKey)
  /// Another content than the one named waits under the name, or nothing does any more.
  case stale(ItemKey, current: Digest?)
  /// Two items were listed under the name.
  case ambiguous(ItemKey)
  case nothingWaiting
  /// Other items wait than those that were shown.
  case staleManifest(current: Digest)

  public var description: String {
    switch self {
    case .unknownItem(let key): "there is no \(Rendering.name(key))"
    case .stale(let key, let current?):
      "\(Rendering.name(key)) has changed since: what waits now is \(current)"
    case .stale(let key, nil): "nothing waits for \(Rendering.name(key)) with that digest"
    case .ambiguous(let key):
      "the server lists two items as \(Rendering.name(key)): neither can be approved"
    case .nothingWaiting: "nothing waits"
    case .staleManifest(let current): "what waits has changed since: it is now \(current)"
    }
  }
}

/// What a decision did.
public struct DecisionOutcome: Equatable, Sendable {
  /// False where it had been decided that way before.
  public internal(set) var isChange = true
  /// Approvals and rejections that belonged to another lineage and are gone.
  public internal(set) var dropped = 0
}

extension ServerRecord {
  /// Approves exactly this content: a waiting one, or one that was rejected before.
  ///
  /// Approving a launch of another lineage drops everything else that was decided or waited, and
  /// the outcome says how much.
  public mutating func approve(
    _ key: ItemKey, digest: Digest, by origin: DecisionOrigin
  ) throws(DecisionError) -> DecisionOutcome {
    let version = try decidable(key, digest)
    var outcome = DecisionOutcome()
    if items[key]?.approved?.digest == digest {
      outcome.isChange = false
      return outcome
    }
    claim()
    outcome.dropped = settle(version, as: key, by: origin)
    return outcome
  }

  /// Rejects exactly this content: a waiting one, or one that was approved. It stays away until
  /// it changes.
  public mutating func reject(
    _ key: ItemKey, digest: Digest, by origin: DecisionOrigin
  ) throws(DecisionError) -> DecisionOutcome {
    let version = try decidable(key, digest)
    var outcome = DecisionOutcome()
    if items[key]?.isRejected(digest) == true {
      outcome.isChange = false
      return outcome
    }
    let wasApproved = items[key]?.approved?.digest == digest
    claim()
    edit(key) { record in
      if record.approved?.digest == digest { record.approved = nil }
      if record.waiting?.digest == digest { record.waiting = nil }
      record.addRejected(version.since(origin.at))
    }
    note(HistoryEntry(wasApproved ? .revoked : .rejected, origin, key: key, digest: digest))
    return outcome
  }

  /// Approves everything that waits, where that gives the manifest with this digest.
  public mutating func approve(
    manifest digest: Digest, by origin: DecisionOrigin
  ) throws(DecisionError) -> DecisionOutcome {
    guard waitingCount > 0 else { throw .nothingWaiting }
    var after = self
    after.claim()
    var outcome = DecisionOutcome()
    outcome.dropped = after.approveEverythingWaiting(by: origin)
    let current = after.approvedDigest
    guard current == digest else { throw .staleManifest(current: current) }
    self = after
    return outcome
  }

  /// Drops every decision: the next launch is a first one. The history stays and tells of it.
  public mutating func forget(by origin: DecisionOrigin) {
    let count = items.values.reduce(0) { $0 + ($1.approved == nil ? 0 : 1) }
    let past = history
    self = ServerRecord()
    history = past
    note(HistoryEntry(.forgotten, origin, count: count))
  }

  private func decidable(_ key: ItemKey, _ digest: Digest) throws(DecisionError) -> Version {
    guard let record = items[key] else { throw .unknownItem(key) }
    guard !record.isAmbiguous else { throw .ambiguous(key) }
    guard let version = record.version(digest) else {
      throw .stale(key, current: record.waiting?.digest)
    }
    return version
  }

  /// A decision ends the first use of every kind that was listed before it.
  private mutating func claim() {
    isClaimed = true
    baselined.formUnion(observed)
  }

  /// The launch comes first: of another lineage, it leaves nothing else to approve.
  @discardableResult
  mutating func approveEverythingWaiting(by origin: DecisionOrigin) -> Int {
    var dropped = 0
    for key in waiting.map(\.key) {
      guard let version = items[key]?.waiting else { continue }
      dropped += settle(version, as: key, by: origin)
    }
    return dropped
  }

  /// Makes a content the approved one.
  ///
  /// - Returns: how many decisions of another lineage went.
  mutating func settle(_ version: Version, as key: ItemKey, by origin: DecisionOrigin) -> Int {
    var dropped = 0
    if key.kind == .launch, let new = version.lineage {
      if let lineage, lineage != new { dropped = startOver(by: origin) }
      lineage = new
    }
    let from = items[key]?.approved?.digest
    edit(key) { record in
      record.approved = version.since(origin.at)
      if record.waiting?.digest == version.digest { record.waiting = nil }
      record.rejected.removeAll { $0.digest == version.digest }
    }
    note(HistoryEntry(.approved, origin, key: key, digest: version.digest, from: from))
    return dropped
  }

  private mutating func startOver(by origin: DecisionOrigin) -> Int {
    let launch = items.filter { $0.key.kind == .launch }
    let dropped = items.values.filter { record in
      record.key.kind != .launch && (record.approved != nil || !record.rejected.isEmpty)
    }
    items = launch
    reported = [:]
    baselined = []
    observed = []
    note(HistoryEntry(.dropped, origin, count: dropped.count))
    return dropped.count
  }
}
