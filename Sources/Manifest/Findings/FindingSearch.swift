import JSON

/// Goes through a definition and collects what its texts give rise to.
struct FindingSearch {
  let kind: ItemKind
  private let tools: ToolNameRules
  private var found: [Finding] = []
  private var listed: [Finding.Rule: Int] = [:]
  private var more: [Finding.Rule: Int] = [:]

  /// - Parameter tools: rules about the names of the server's other tools.
  init(kind: ItemKind, tools: ToolNameRules) {
    self.kind = kind
    self.tools = tools
  }

  /// What was found, and how much more there was.
  var bounded: [Finding] {
    guard !more.isEmpty else { return found }
    let listed = Finding.Rule.allCases.flatMap { rule in found.filter { $0.rule == rule } }
    let rest = Finding.Rule.allCases.compactMap { rule in
      more[rule].map { "\($0) of \(rule.rawValue)" }
    }
    return listed + [
      Finding(
        path: FieldPath(), rule: .more,
        sentence: "and more, which are not listed: \(rest.joined(separator: ", "))", excerpt: [])
    ]
  }

  mutating func add(_ finding: Finding) {
    if listed[finding.rule, default: 0] < Finding.limit {
      listed[finding.rule, default: 0] += 1
      found.append(finding)
    } else {
      more[finding.rule, default: 0] += 1
    }
  }

  /// Recursion is bounded by the reader's depth.
  mutating func walk(_ node: JSONNode, at path: FieldPath, _ place: TextPlace) {
    if let text = node.string {
      read(text.utf8, at: path, place)
    } else if let elements = node.array {
      for (index, element) in elements.enumerated() {
        walk(element, at: path.appending(.index(index)), place)
      }
    } else {
      for member in node.object ?? [] {
        let step = path.appending(.key(member.key))
        // A plain word says nothing, unless it names a parameter.
        if place.isMapOfParameters || !FieldPath.isPlain(member.key) {
          read(member.key.utf8, at: step, place.key)
        }
        walk(member.value, at: step, place.member(member.key, of: kind))
      }
    }
  }

  private mutating func read(_ text: [UInt8], at path: FieldPath, _ place: TextPlace) {
    guard !text.isEmpty, !place.isOpaque else { return }
    var marks = Marks()
    CharacterRules.find(in: text, &marks)
    if kind != .launch {
      let folded = FoldedText(text)
      if !place.isAddress(text) { AddressRules.find(in: folded, &marks) }
      if kind != .uiResource {
        ScriptRules.find(in: folded, isName: place.isName, &marks)
        if place.isParameter { NameRules.find(parameter: folded, &marks) }
        if place.isProse {
          PhraseRules.find(in: folded, &marks)
          MarkupRules.find(in: folded, &marks)
          PathRules.find(in: folded, &marks)
          EncodingRules.find(in: folded, &marks)
          SpaceRules.find(in: folded, &marks)
          tools.find(in: folded, &marks)
        }
      }
    }
    for finding in marks.findings(in: text, at: path) { add(finding) }
  }

  /// What follows from the names that stand beside this one.
  mutating func relate(_ name: JSONString, to names: NeighbourNames) {
    for other in names.alike(name, kind, limit: 4) {
      add(
        Finding(
          path: FieldPath([.key(kind.nameKey)]), rule: .lookalikeName,
          sentence: "its name can be taken for that of another \(kind.words)", excerpt: other.utf8))
    }
  }
}

extension ItemKind {
  fileprivate var words: String { self == .resourceTemplate ? "resource template" : rawValue }
}
