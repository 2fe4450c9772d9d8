import JSON

/// Whether two trees say the same, whatever the order of their members.
enum Meaning {
  /// - Parameter exact: numbers are the same only where every digit counts; otherwise where a reader
  ///   of doubles finds the same double.
  static func isSame(_ one: JSONNode, _ two: JSONNode, exact: Bool) -> Bool {
    switch (one.value, two.value) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.string(let left), .string(let right)): return left == right
    case (.number(let left), .number(let right)):
      if left == right { return true }
      guard let first = left.double, let second = right.double else { return false }
      return first == second && (!exact || left.isExactInDouble && right.isExactInDouble)
    case (.array(let left), .array(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { isSame($0, $1, exact: exact) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      let values = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
      return left.allSatisfy { member in
        values[member.key].map { isSame(member.value, $0, exact: exact) } ?? false
      }
    default: return false
    }
  }
}
