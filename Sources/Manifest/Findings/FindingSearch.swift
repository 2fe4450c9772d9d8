import JSON

/// Goes through a definition and collects what its texts give rise to.
struct FindingSearch {
  let kind: ItemKind
  private(set) var found: [Finding] = []
  private var more = 0

  init(kind: ItemKind) {
    self.kind = kind
  }

  /// What was found, and how much more there was.
  var bounded: [Finding] {
    guard more > 0 else { return found }
    return found + [
      Finding(
        path: FieldPath(), rule: .more,
        sentence: "and \(more) more like these, which are not listed", excerpt: [])
    ]
  }

  mutating func add(_ finding: Finding) {
    if found.count < Finding.limit { found.append(finding) } else { more += 1 }
  }

  /// Recursion is bounded by the reader's depth.
  mutating func walk(_ node: JSONNode, at path: FieldPath) {
    if let text = node.string {
      read(text.utf8, at: path)
    } else if let elements = node.array {
      for (index, element) in elements.enumerated() {
        walk(element, at: path.appending(.index(index)))
      }
    } else {
      for member in node.object ?? [] {
        let step = path.appending(.key(member.key))
        read(member.key.utf8, at: step)
        walk(member.value, at: step)
      }
    }
  }

  /// One text, or one key.
  private mutating func read(_ text: [UInt8], at path: FieldPath) {
    for find in CharacterRules.findings(text, at: path) { add(find) }
  }

  mutating func relate(_ name: JSONString, to record: ServerRecord) {
    let names = record.items.values.filter { $0.key.kind == kind && !$0.isGone }.map(\.key.name)
    var lookalikes = Lookalikes(of: names, beside: [])
    for other in lookalikes.alike(name).prefix(4) {
      add(
        Finding(
          path: FieldPath([.key(kind.nameKey)]), rule: .lookalikeName,
          sentence: "its name can be taken for that of another \(kind.words)", excerpt: other.utf8))
    }
  }
}

extension ItemRecord {
  /// Neither listed nor decided about in a way that could matter again.
  fileprivate var isGone: Bool { offered == nil && approved == nil }
}

extension ItemKind {
  fileprivate var words: String { self == .resourceTemplate ? "resource template" : rawValue }
}
