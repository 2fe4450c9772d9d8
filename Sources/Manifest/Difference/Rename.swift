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

  /// - Parameters:
  ///   - removed: items that are approved and no longer listed.
  ///   - added: items that wait and have nothing approved.
  /// - Returns: each item in one pair at most, the likest first.
  static func among(
    removed: [(ItemKey, [UInt8])], added: [(ItemKey, [UInt8])]
  ) -> [Rename] {
    guard removed.count * added.count <= limit else { return [] }
    let before = removed.map { ($0.0, words($0.0.kind, $0.1)) }
    let after = added.map { ($0.0, words($0.0.kind, $0.1)) }
    var candidates: [(Rename, Double)] = []
    for (from, one) in before {
      for (to, two) in after where from.kind == to.kind {
        let likeness = likeness(one, two)
        if likeness >= threshold { candidates.append((Rename(from: from, to: to), likeness)) }
      }
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

  /// The words of a content and how often each occurs, the item's name left out.
  private static func words(_ kind: ItemKind, _ canonical: [UInt8]) -> [ArraySlice<UInt8>: Int] {
    var counts: [ArraySlice<UInt8>: Int] = [:]
    let node: JSONNode
    do {
      node = try JSONReader.parse(canonical)
    } catch {
      return counts
    }
    for member in node.object ?? [] where member.key != kind.nameKey {
      for word in Words.split(member.key.utf8 + JSONCanonical.write(member.value)) {
        counts[word, default: 0] += 1
      }
    }
    return counts
  }

  /// Twice what is common, over the sum of both: 1 for equal contents.
  private static func likeness(
    _ one: [ArraySlice<UInt8>: Int], _ two: [ArraySlice<UInt8>: Int]
  ) -> Double {
    let total = one.values.reduce(0, +) + two.values.reduce(0, +)
    guard total > 0 else { return 0 }
    let common = one.reduce(0) { $0 + min($1.value, two[$1.key] ?? 0) }
    return 2 * Double(common) / Double(total)
  }
}

extension ServerRecord {
  /// Removed and waiting items that look like one item under a new name.
  public var renames: [Rename] {
    let gone = sorted.filter { $0.offered == nil && observed.contains($0.key.kind) }
    let come = sorted.filter { $0.approved == nil && $0.offered != nil }
    return Rename.among(
      removed: gone.compactMap { record in record.approved.map { (record.key, $0.canonical) } },
      added: come.compactMap { record in record.waiting.map { (record.key, $0.canonical) } })
  }
}
