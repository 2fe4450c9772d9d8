import JSON

/// Which element of one list stands against which of another.
struct ElementPairs {
  let old: JSONNode?
  let new: JSONNode?
  let step: FieldPath.Step

  /// Beyond as many elements in both lists together they are compared place by place.
  private static let limit = 1_000

  struct Pairing {
    let pairs: [ElementPairs]
    /// The names that are in both lists, where they follow each other differently: by name alone, a list in
    /// another order would show no difference.
    var order: (old: [JSONNode], new: [JSONNode])?
  }

  static func between(_ old: [JSONNode], _ new: [JSONNode]) -> Pairing {
    if let before = named(old), let after = named(new), !before.isEmpty, !after.isEmpty {
      return Pairing(
        pairs: byName(before, after, old, new), order: order(before, after, old, new))
    }
    guard old.count + new.count <= limit else { return Pairing(pairs: byPlace(old, new)) }
    return Pairing(pairs: byContent(old, new))
  }

  /// Each element by its name; nil unless all are objects with names that differ.
  private static func named(_ elements: [JSONNode]) -> [JSONString: JSONNode]? {
    var result: [JSONString: JSONNode] = [:]
    for element in elements {
      guard let name = element["name"]?.string, result.updateValue(element, forKey: name) == nil
      else { return nil }
    }
    return result
  }

  private static func order(
    _ before: [JSONString: JSONNode], _ after: [JSONString: JSONNode], _ old: [JSONNode],
    _ new: [JSONNode]
  ) -> (old: [JSONNode], new: [JSONNode])? {
    func kept(_ elements: [JSONNode], _ others: [JSONString: JSONNode]) -> [JSONNode] {
      elements.compactMap { $0["name"] }.filter { name in
        name.string.map { others[$0] != nil } ?? false
      }
    }
    let (one, two) = (kept(old, after), kept(new, before))
    return one.map(\.string) == two.map(\.string) ? nil : (one, two)
  }

  private static func byName(
    _ before: [JSONString: JSONNode], _ after: [JSONString: JSONNode], _ old: [JSONNode],
    _ new: [JSONNode]
  ) -> [ElementPairs] {
    let names = (old + new).compactMap { $0["name"]?.string }
    var seen: Set<JSONString> = []
    return names.filter { seen.insert($0).inserted }.map {
      ElementPairs(old: before[$0], new: after[$0], step: .named($0))
    }
  }

  private static func byPlace(_ old: [JSONNode], _ new: [JSONNode]) -> [ElementPairs] {
    (0..<max(old.count, new.count)).map { index in
      ElementPairs(
        old: index < old.count ? old[index] : nil, new: index < new.count ? new[index] : nil,
        step: .index(index))
    }
  }

  /// Equal elements in the same order stand against each other; of what is left, containers do in
  /// their order. An equal one at another place went and came: paired, it would not be seen.
  private static func byContent(_ old: [JSONNode], _ new: [JSONNode]) -> [ElementPairs] {
    let before = old.map { JSONCanonical.write($0) }
    let after = new.map { JSONCanonical.write($0) }
    var removed: [Int] = []
    var inserted: [Int] = []
    for change in after.difference(from: before) {
      switch change {
      case .remove(let offset, _, _): removed.append(offset)
      case .insert(let offset, _, _): inserted.append(offset)
      }
    }
    removed.sort()
    inserted.sort()
    var pairs: [ElementPairs] = []
    var partners = inserted.filter { isContainer(new[$0]) }[...]
    var paired: Set<Int> = []
    for index in removed {
      if isContainer(old[index]), let partner = partners.popFirst(),
        before[index] != after[partner]
      {
        paired.insert(partner)
        pairs.append(ElementPairs(old: old[index], new: new[partner], step: .index(partner)))
      } else {
        pairs.append(ElementPairs(old: old[index], new: nil, step: .index(index)))
      }
    }
    for index in inserted where !paired.contains(index) {
      pairs.append(ElementPairs(old: nil, new: new[index], step: .index(index)))
    }
    return pairs
  }

  private static func isContainer(_ node: JSONNode) -> Bool {
    node.object != nil || node.array != nil
  }
}
