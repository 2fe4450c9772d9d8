import JSON

/// Goes through two values side by side and notes every field that differs.
struct DifferenceWalk {
  let kind: ItemKind
  /// False where one side is missing as a whole: then no change has a meaning of its own.
  let isComparison: Bool
  private(set) var entries: [Difference.Entry] = []

  init(kind: ItemKind, isComparison: Bool) {
    self.kind = kind
    self.isComparison = isComparison
  }

  /// Recursion is bounded by the reader's depth.
  mutating func compare(
    _ old: JSONNode?, _ new: JSONNode?, at path: FieldPath, _ context: FieldContext
  ) {
    switch (old, new) {
    case (nil, nil):
      return
    case (let old?, let new?):
      if let before = old.object, let after = new.object {
        compareObjects(before, after, at: path, context)
      } else if let before = old.array, let after = new.array {
        compareArrays(before, after, at: path, context)
      } else if DifferenceWalk.isScalar(old) && DifferenceWalk.isScalar(new) {
        note(old, new, at: path, context)
      } else if JSONCanonical.write(old) != JSONCanonical.write(new) {
        compare(old, nil, at: path, context)
        compare(nil, new, at: path, context)
      }
    case (let old?, nil):
      compareToNothing(old, isOld: true, at: path, context)
    case (nil, let new?):
      compareToNothing(new, isOld: false, at: path, context)
    }
  }

  /// Every field of what came or went is an entry of its own, with its own class.
  private mutating func compareToNothing(
    _ node: JSONNode, isOld: Bool, at path: FieldPath, _ context: FieldContext
  ) {
    if let members = node.object, !members.isEmpty {
      compareObjects(isOld ? members : [], isOld ? [] : members, at: path, context)
    } else if let elements = node.array, !elements.isEmpty {
      for (index, element) in elements.enumerated() {
        let step = path.appending(.index(index))
        compare(isOld ? element : nil, isOld ? nil : element, at: step, context)
      }
    } else {
      note(isOld ? node : nil, isOld ? nil : node, at: path, context)
    }
  }

  private mutating func compareObjects(
    _ old: [JSONMember], _ new: [JSONMember], at path: FieldPath, _ context: FieldContext
  ) {
    let before = Dictionary(old.map { ($0.key, $0.value) }) { first, _ in first }
    let after = Dictionary(new.map { ($0.key, $0.value) }) { first, _ in first }
    for key in DifferenceWalk.ordered(Set(before.keys).union(after.keys)) {
      compare(before[key], after[key], at: path.appending(.key(key)), context.member(key))
    }
  }

  private mutating func compareArrays(
    _ old: [JSONNode], _ new: [JSONNode], at path: FieldPath, _ context: FieldContext
  ) {
    for pair in ElementPairs.between(old, new) {
      compare(pair.old, pair.new, at: path.appending(pair.step), context)
    }
  }

  private mutating func note(
    _ old: JSONNode?, _ new: JSONNode?, at path: FieldPath, _ context: FieldContext
  ) {
    guard let shown = new ?? old else { return }
    let before = old.map(Difference.Value.init)
    let after = new.map(Difference.Value.init)
    let change: Difference.Change
    switch (before, after) {
    case (let before?, let after?):
      if before == after { return }
      change = .changed(from: before, to: after)
    case (let before?, nil): change = .removed(before)
    case (nil, let after?): change = .added(after)
    case (nil, nil): return
    }
    var words: [WordRun] = []
    if let from = before?.text, let to = after?.text { words = WordRun.between(from, to) }
    let meaning =
      isComparison && kind == .tool
      ? AnnotationMeaning.of(path, old: old?.bool, new: new?.bool) : nil
    let isOmission =
      isComparison && new == nil && context.fieldClass(shown, at: path) == .hints
      && path.steps.count == 2 && path.steps[0] == .key("annotations")
    entries.append(
      Difference.Entry(
        path: path, fieldClass: context.fieldClass(shown, at: path), change: change, words: words,
        note: meaning?.note, isWeakening: meaning?.isWeakening ?? false,
        isPromise: meaning?.isPromise ?? false, smallness: isOmission ? .omission : nil))
  }

  private static func isScalar(_ node: JSONNode) -> Bool {
    node.object == nil && node.array == nil
  }

  /// What names a thing first, then by bytes.
  private static func ordered(_ keys: Set<JSONString>) -> [JSONString] {
    let first: [JSONString] = ["name", "title", "description"]
    return first.filter(keys.contains) + keys.subtracting(first).sorted()
  }
}
