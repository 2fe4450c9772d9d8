/// What was found in one text: of each rule the first place, and how many there are.
struct Marks {
  private struct Mark {
    let range: Range<Int>
    let sentence: String
    var count: Int
  }

  private var marks: [Finding.Rule: Mark] = [:]
  private var order: [Finding.Rule] = []

  /// - Parameter range: bytes of the original text.
  mutating func add(
    _ rule: Finding.Rule, _ range: Range<Int>, _ sentence: @autoclosure () -> String
  ) {
    if marks[rule] == nil {
      marks[rule] = Mark(range: range, sentence: sentence(), count: 0)
      order.append(rule)
    }
    marks[rule]?.count += 1
  }

  func findings(in text: [UInt8], at path: FieldPath) -> [Finding] {
    order.compactMap { rule in
      guard let mark = marks[rule] else { return nil }
      let more = mark.count > 1 ? " (and \(mark.count - 1) more in this text)" : ""
      return Finding(
        path: path, rule: rule, sentence: mark.sentence + more,
        excerpt: Excerpt.around(mark.range, of: text))
    }
  }
}
