public import Digest
import JSON

/// One content that an item has had, kept whole so that a difference can be shown.
public struct Version: Hashable, Sendable {
  public let digest: Digest
  public let canonical: [UInt8]
  /// When it came into its present state, RFC 3339.
  public let since: String
  /// For a launch, whose it is.
  public let lineage: Lineage?

  init(_ item: Item, since: String, lineage: Lineage? = nil) {
    self.init(digest: item.digest, canonical: item.canonical, since: since, lineage: lineage)
  }

  init(digest: Digest, canonical: [UInt8], since: String, lineage: Lineage?) {
    self.digest = digest
    self.canonical = canonical
    self.since = since
    self.lineage = lineage
  }

  func since(_ time: String) -> Version {
    Version(digest: digest, canonical: canonical, since: time, lineage: lineage)
  }
}

/// What is known of one item: at most one approved content, at most one waiting beside it, and
/// those that a person rejected.
public struct ItemRecord: Hashable, Sendable {
  /// A rejected content beyond these, the oldest first, is forgotten: it would wait again.
  static let rejectedLimit = 4

  public let key: ItemKey
  public internal(set) var approved: Version?
  public internal(set) var waiting: Version?
  /// Oldest first.
  public internal(set) var rejected: [Version] = []
  /// The content in the last complete listing; nil where it was not listed.
  public internal(set) var offered: Digest?
  /// The last complete listing had two items with this name. Which of them a call would reach is
  /// the server's choice, so neither is served and neither can be approved.
  public internal(set) var isAmbiguous = false

  init(_ key: ItemKey) {
    self.key = key
  }

  /// The content with this digest, in whatever state.
  public func version(_ digest: Digest) -> Version? {
    if let approved, approved.digest == digest { return approved }
    if let waiting, waiting.digest == digest { return waiting }
    return rejected.first { $0.digest == digest }
  }

  public func isRejected(_ digest: Digest) -> Bool { rejected.contains { $0.digest == digest } }

  var isEmpty: Bool { approved == nil && waiting == nil && rejected.isEmpty && !isAmbiguous }

  var size: Int {
    let decided = rejected.reduce(key.name.utf8.count) { $0 + $1.canonical.count }
    return decided + (approved?.canonical.count ?? 0) + (waiting?.canonical.count ?? 0)
  }

  mutating func addRejected(_ version: Version) {
    rejected.append(version)
    if rejected.count > ItemRecord.rejectedLimit { rejected.removeFirst() }
  }
}
