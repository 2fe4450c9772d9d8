public import Digest

/// One item's content, by name and digest.
public struct Pin: Hashable, Comparable, Sendable {
  public let key: ItemKey
  public let digest: Digest

  public init(_ key: ItemKey, _ digest: Digest) {
    self.key = key
    self.digest = digest
  }

  public static func < (left: Pin, right: Pin) -> Bool {
    left.key != right.key ? left.key < right.key : left.digest < right.digest
  }
}

/// The decisions as digests, for quick answers about a listing or a call.
public struct PinSet: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case approved, waiting, rejected
    /// Never seen with this content.
    case unknown
  }

  private var approvals: [ItemKey: Digest] = [:]
  private var pending: [ItemKey: Digest] = [:]
  private var refusals: [ItemKey: Set<Digest>] = [:]
  public private(set) var baselined: Set<ItemKind> = []

  public init() {}

  public mutating func approve(_ key: ItemKey, _ digest: Digest) { approvals[key] = digest }
  public mutating func wait(_ key: ItemKey, _ digest: Digest) { pending[key] = digest }
  public mutating func reject(_ key: ItemKey, _ digest: Digest) {
    refusals[key, default: []].insert(digest)
  }
  public mutating func baseline(_ kind: ItemKind) { baselined.insert(kind) }

  /// What was decided about an item with exactly this content.
  public func state(_ key: ItemKey, _ digest: Digest) -> State {
    if approvals[key] == digest { return .approved }
    if refusals[key]?.contains(digest) == true { return .rejected }
    if pending[key] == digest { return .waiting }
    return .unknown
  }

  /// The content that may be served under this name.
  public func approved(_ key: ItemKey) -> Digest? { approvals[key] }
  public func waiting(_ key: ItemKey) -> Digest? { pending[key] }

  public var waitingCount: Int { pending.count }

  /// Ascending.
  public var approved: [Pin] { approvals.map { Pin($0.key, $0.value) }.sorted() }
  public var waiting: [Pin] { pending.map { Pin($0.key, $0.value) }.sorted() }
  public var rejected: [Pin] {
    refusals.flatMap { entry in entry.value.map { Pin(entry.key, $0) } }.sorted()
  }

  public var manifestDigest: Digest { ManifestDigest.over(approvals.values) }
}
