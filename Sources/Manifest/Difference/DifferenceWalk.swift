import JSON

/// Goes through two values side by side and notes every field that differs.
struct DifferenceWalk {
  let kind: ItemKind
  /// False where one side is missing as a whole: then no change has a meaning of its own.
  let isComparison: Bool
  /// What the item is called, which a title may repeat.
  var itemName: JSONString?
  private(set) var entries: [Difference.Entry] = []
  /// Keys on the way here that came or went and could carry a sentence.
  private var proseKeys = 0
  /// Whether what went on the way here left another value in its place.
  private var isReplaced = false

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
        let wasReplaced = isReplaced
        isReplaced = true
        compare(old, nil, at: path, context)
        isReplaced = wasReplaced
        compare(nil, new, at: path, context)
      }
    case (let old?, nil):
      compareToNothing(old, isOld: true, at: path, context)
    case (nil, let new?):
      compareToNothing(new, isOld: false, at: path, context)
    }
  }

  /// Every field of what came or went is an entry of its own, with its own class; but for little things,
  /// which are read at one glance.
  private mutating func compareToNothing(
    _ node: JSONNode, isOld: Bool, at path: FieldPath, _ context: FieldContext
  ) {
    if !path.steps.isEmpty, proseKeys == 0,
      let whole = Compact.fieldClass(node, context, at: path, of: itemName)
    {
      note(isOld ? node : nil, isOld ? nil : node, at: path, context, whole)
    } else if let members = node.object, !members.isEmpty {
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
      let isNewProse = (before[key] == nil) != (after[key] == nil) && !FieldPath.isPlain(key)
      if isNewProse { proseKeys += 1 }
      compare(
        before[key], after[key], at: path.appending(.key(key)), context.member(key, of: old + new))
      if isNewProse { proseKeys -= 1 }
    }
  }

  private mutating func compareArrays(
    _ old: [JSONNode], _ new: [JSONNode], at path: FieldPath, _ context: FieldContext
  ) {
    if case .key(let key)? = path.steps.last, context.isOrderFree(key),
      DifferenceWalk.isReordered(old, new)
    {
      return noteOrder(old, new, at: path, .structure, isFree: true)
    }
    let pairs = ElementPairs.between(old, new)
    if let order = pairs.order {
      let isFree = kind == .prompt && path.steps == [.key("arguments")]
      noteOrder(
        order.old, order.new, at: path, context == .text && !isFree ? .modelText : .structure,
        isFree: isFree)
    }
    for pair in pairs.pairs {
      compare(pair.old, pair.new, at: path.appending(pair.step), context)
    }
  }

  /// - Parameter isFree: false where the order may well have a meaning.
  private mutating func noteOrder(
    _ old: [JSONNode], _ new: [JSONNode], at path: FieldPath, _ fieldClass: Difference.Class,
    isFree: Bool
  ) {
    entries.append(
      Difference.Entry(
        path: path, fieldClass: fieldClass,
        change: .changed(from: Difference.Value(list: old), to: Difference.Value(list: new)),
        words: [], note: "only the order", isWeakening: false, isPromise: false,
        smallness: isFree ? .order : nil))
  }

  /// Whether two lists of scalars hold the same in another order.
  private static func isReordered(_ old: [JSONNode], _ new: [JSONNode]) -> Bool {
    guard old.count == new.count, old.allSatisfy(isScalar), new.allSatisfy(isScalar) else {
      return false
    }
    let before = old.map { JSONString(utf8: JSONCanonical.write($0)) }
    let after = new.map { JSONString(utf8: JSONCanonical.write($0)) }
    return before != after && before.sorted() == after.sorted()
  }

  /// - Parameter whole: the class of a value that has fields of its own.
  private mutating func note(
    _ old: JSONNode?, _ new: JSONNode?, at path: FieldPath, _ context: FieldContext,
    _ whole: Difference.Class? = nil
  ) {
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
    let classes = [old, new].compactMap(\.self)
      .map { context.fieldClass($0, at: path, isNewKey: proseKeys > 0) }
    let fieldClass = whole ?? classes.min() ?? .modelText
    var words: [WordRun] = []
    if let from = before?.text, let to = after?.text { words = WordRun.between(from, to) }
    let meaning =
      isComparison && kind == .tool && !(isReplaced && new == nil)
      ? AnnotationMeaning.of(path, old: old, new: new) : nil
    let isOmission =
      isComparison && kind == .tool && !isReplaced
      && AnnotationMeaning.isOmission(path, old: old, new: new)
    let small =
      isOmission ? (.omission, nil) : smallness(before, after, fieldClass, at: path)
    entries.append(
      Difference.Entry(
        path: path, fieldClass: fieldClass, change: change, words: words,
        note: meaning?.note ?? small?.note, isWeakening: meaning?.isWeakening ?? false,
        isPromise: meaning?.isPromise ?? false, smallness: small?.smallness))
  }

  private func smallness(
    _ before: Difference.Value?, _ after: Difference.Value?, _ fieldClass: Difference.Class,
    at path: FieldPath
  ) -> (smallness: Difference.Smallness, note: String?)? {
    switch fieldClass {
    case .modelText:
      let texts = [before, after].compactMap(\.self).map(\.text)
      if texts.allSatisfy({ RepeatedTitle.isOne($0, at: path, of: itemName) }) {
        return (.repetition, "the name again")
      }
      guard let old = before?.text, let new = after?.text else { return nil }
      return EnvironmentNoise.between(old, new).map { (.environment, $0.rawValue) }
    case .structure, .hints, .appearance: return nil
    }
  }

  static func isScalar(_ node: JSONNode) -> Bool {
    node.object == nil && node.array == nil
  }

  /// What names a thing first, then by bytes.
  private static func ordered(_ keys: Set<JSONString>) -> [JSONString] {
    let first: [JSONString] = ["name", "title", "description"]
    return first.filter(keys.contains) + keys.subtracting(first).sorted()
  }
}
