/// The covers of one grant, by the names that lead from the grant down to each.
struct CoverSet {
  /// Keyed by bytes: a `String` takes two names for one where they only look the same.
  private var kinds: [[UInt8]: (below: [String], kind: Cover.Kind)] = [:]

  /// The paths, relative to the grant, in front of which something empty stands.
  var hidden: [[String]] { kinds.values.filter { $0.kind == .hidden }.map(\.below) }

  /// How many there are, those included that others make needless.
  var count: Int { kinds.count }

  /// Covers a path; of two kinds the one that was asked for first holds, but for `pinned`.
  ///
  /// - Parameters:
  ///   - below: empty for the grant itself, which nothing covers.
  ///   - holdsAbove: whether the directories above it must stay where they are.
  mutating func add(_ below: [String], _ kind: Cover.Kind, holdsAbove: Bool) {
    guard !below.isEmpty else { return }
    let key = Self.key(below)
    if kinds[key] == nil || kinds[key]?.kind == .pinned { kinds[key] = (below, kind) }
    guard holdsAbove else { return }
    for count in 1..<max(below.count, 1) {
      let above = Array(below.prefix(count))
      let key = Self.key(above)
      if kinds[key] == nil { kinds[key] = (above, .pinned) }
    }
  }

  /// Outer ones first, and nothing twice: what is below a read-only or a hidden path is so itself.
  func ordered(in path: String) -> [Cover] {
    kinds.values.filter { !isNeedless($0.below, $0.kind) }
      .map { (depth: $0.below.count, cover: Cover(path: Self.join(path, $0.below), kind: $0.kind)) }
      .sorted { first, second in
        first.depth != second.depth
          ? first.depth < second.depth
          : first.cover.path.utf8.lexicographicallyPrecedes(second.cover.path.utf8)
      }
      .map(\.cover)
  }

  private func isNeedless(_ below: [String], _ kind: Cover.Kind) -> Bool {
    for count in 1..<max(below.count, 1) {
      switch kinds[Self.key(Array(below.prefix(count)))]?.kind {
      case .hidden: return true
      case .readOnly where kind != .hidden: return true
      case .readOnly, .pinned, nil: continue
      }
    }
    return false
  }

  private static func key(_ names: [String]) -> [UInt8] { Array(names.joined(separator: "/").utf8) }

  private static func join(_ path: String, _ names: [String]) -> String {
    names.reduce(path) { Path.join($0, $1) }
  }
}
