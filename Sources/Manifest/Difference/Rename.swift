import JSON

/// An item that went and one that came with nearly the same content.
public struct Rename: Equatable, Sendable {
  public let from: ItemKey
  public let to: ItemKey

  public init(from: ItemKey, to: ItemKey) {
    self.from = from
    self.to = to
  }

  /// How much two contents must have in common, names left aside.
  private static let threshold = 0.8
  /// Pairs that are compared at most.
  private static let limit = 10_000
  /// Bytes of a content that is compared: nobody would call a longer one the same at a glance.
  private static let bodyLimit = 64 << 10
  /// Bytes of all contents together.
  private static let totalLimit = 2 << 20
  /// Words that are looked up in all comparisons together. With these limits the longest search
  /// takes about a second, whatever a server lists.
  private static let workLimit = 5_000_000

  /// - Parameters:
  ///   - removed: items that are approved and no longer listed.
  ///   - added: items that wait and have nothing approved.
  /// - Returns: each item in one pair at most, the likest first.
  static func among(
    removed: [(ItemKey, [UInt8])], added: [(ItemKey, [UInt8])]
  ) -> [Rename] {
    let removed = removed.filter { $0.1.count <= bodyLimit }
    let added = added.filter { $0.1.count <= bodyLimit }
    let total = (removed + added).reduce(0) { $0 + $1.1.count }
    guard removed.count * added.count <= limit, total <= totalLimit,
      !removed.isEmpty, !added.isEmpty
    else { return [] }
    let before = removed.map { ($0.0, WordCounts($0.0.kind, $0.1)) }
    let after = added.map { ($0.0, WordCounts($0.0.kind, $0.1)) }
    var pairs: [(one: Int, two: Int)] = []
    var work = 0
    for (one, from) in before.enumerated() {
      for (two, to) in after.enumerated()
      where from.0.kind == to.0.kind && from.1.highestLikeness(to: to.1) >= threshold {
        pairs.append((one, two))
        work += min(from.1.counts.count, to.1.counts.count)
      }
    }
    // Of some of the pairs alone the likest might be others.
    guard work <= workLimit else { return [] }
    var candidates: [(Rename, Double)] = []
    for pair in pairs {
      let (from, one) = before[pair.one]
      let (to, two) = after[pair.two]
      let likeness = one.likeness(to: two)
      if likeness >= threshold { candidates.append((Rename(from: from, to: to), likeness)) }
    }
    candidates.sort { left, right in
      left.1 != right.1
        ? left.1 > right.1 : (left.0.from, left.0.to) < (right.0.from, right.0.to)
    }
    var taken: Set<ItemKey> = []
    return candidates.map(\.0).filter { rename in
      guard !taken.contains(rename.from), !taken.contains(rename.to) else { return false }
      taken.formUnion([rename.from, rename.to])
      return true
    }
  }
}

/// The words of a content and how often each occurs, the item's name left out.
private struct WordCounts {
  private(set) var counts: [ArraySlice<UInt8>: Int] = [:]
  private(set) var total = 0

  init(_ kind: ItemKind, _ canonical: [UInt8]) {
    let node: JSONNode
    do throws(JSONError) {
      node = try JSONReader.parse(canonical)
    } catch {
      return
    }
    // The contents of an interface are a list.
    let objects = [node] + (node.array ?? [])
    for member in objects.flatMap({ $0.object ?? [] }) where member.key != kind.nameKey {
      for word in Words.split(member.key.utf8 + JSONCanonical.write(member.value)) {
        counts[word, default: 0] += 1
        total += 1
      }
    }
  }

  /// Twice what is common, over the sum of both: 1 for equal contents.
  func likeness(to other: WordCounts) -> Double {
    guard total + other.total > 0 else { return 0 }
    let (few, many) = counts.count <= other.counts.count ? (self, other) : (other, self)
    let common = few.counts.reduce(0) { $0 + min($1.value, many.counts[$1.key] ?? 0) }
    return 2 * Double(common) / Double(total + other.total)
  }

  /// What the likeness cannot pass, from the lengths alone.
  func highestLikeness(to other: WordCounts) -> Double {
    guard total + other.total > 0 else { return 0 }
    return 2 * Double(min(total, other.total)) / Double(total + other.total)
  }
}

extension ServerRecord {
  /// Removed and waiting items that look like one item under a new name. Found anew at each call.
  public var renames: [Rename] {
    let gone = sorted.filter { $0.offered == nil && observed.contains($0.key.kind) }
    let come = sorted.filter { $0.approved == nil && $0.offered != nil }
    return Rename.among(
      removed: gone.compactMap { record in record.approved.map { (record.key, $0.canonical) } },
      added: come.compactMap { record in record.waiting.map { (record.key, $0.canonical) } })
  }
}
