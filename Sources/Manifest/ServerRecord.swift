public import Digest

/// What was observed of one server and decided about it. A pure value: time and persons are
/// handed in.
public struct ServerRecord: Hashable, Sendable {
  /// Items of all kinds and states, and separately entries that are only reported.
  public static let itemLimit = 4_096
  /// Bytes of names and canonical forms together.
  public static let sizeLimit = 32 << 20
  /// Entries; the oldest go first.
  public static let historyLimit = 2_000

  public internal(set) var items: [ItemKey: ItemRecord] = [:]
  /// Whose approvals these are; nil before the first launch.
  public internal(set) var lineage: Lineage?
  /// Kinds that have had their first use: `trust` no longer applies to them.
  public internal(set) var baselined: Set<ItemKind> = []
  /// Kinds of which there has been a complete listing.
  public internal(set) var observed: Set<ItemKind> = []
  /// Whether approvals beyond that of the first launch have been given, or anything rejected.
  public internal(set) var isClaimed = false
  /// Earlier decisions were lost to damage, so nothing is taken for a first use until a person
  /// has the server forgotten.
  public internal(set) var isAfterDamage = false
  /// What is reported and never withheld: resources by URI, a launch's root-owned files by path.
  public internal(set) var reported: [ItemKey: Digest] = [:]
  /// Oldest first.
  public internal(set) var history: [HistoryEntry] = []

  public init() {}

  public subscript(_ key: ItemKey) -> ItemRecord? { items[key] }

  /// Ascending by kind and name.
  public var sorted: [ItemRecord] { sorted { _ in true } }

  public var waiting: [ItemRecord] { sorted { $0.waiting != nil } }

  /// By their keys, which are smaller than records and cheaper to move.
  func sorted(where isWanted: (ItemRecord) -> Bool) -> [ItemRecord] {
    items.values.lazy.filter(isWanted).map(\.key).sorted().compactMap { items[$0] }
  }

  public var waitingCount: Int { items.values.reduce(0) { $0 + ($1.waiting == nil ? 0 : 1) } }

  /// The manifest's digest: over everything approved.
  public var approvedDigest: Digest {
    ManifestDigest.over(items.values.compactMap(\.approved?.digest))
  }

  /// The manifest's digest once all that waits is approved, which is what `approve(manifest:)`
  /// takes. Equals `approvedDigest` where nothing waits.
  public var waitingDigest: Digest {
    var after = self
    after.approveEverythingWaiting(by: DecisionOrigin(who: "", how: "", at: ""))
    return after.approvedDigest
  }

  /// What a relay needs to know. An ambiguous name has no pin.
  public var pins: PinSet {
    var pins = PinSet()
    for record in items.values where !record.isAmbiguous {
      let key = record.key
      if let approved = record.approved { pins.approve(key, approved.digest) }
      if let waiting = record.waiting { pins.wait(key, waiting.digest) }
      for version in record.rejected { pins.reject(key, version.digest) }
    }
    for kind in ItemKind.allCases where baselined.contains(kind) { pins.baseline(kind) }
    return pins
  }

  mutating func note(_ entry: HistoryEntry) {
    history.append(entry)
    if history.count > ServerRecord.historyLimit {
      history.removeFirst(history.count - ServerRecord.historyLimit)
    }
  }

  mutating func edit(_ key: ItemKey, _ change: (inout ItemRecord) -> Void) {
    var record = items[key] ?? ItemRecord(key)
    change(&record)
    items[key] = record.isEmpty ? nil : record
  }
}
