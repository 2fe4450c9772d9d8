import JSON

extension Difference {
  /// How much changed, to be read before anything else.
  public struct Summary: Hashable, Sendable {
    /// Fields by class; a class without any is missing.
    public let fields: [Class: Int]
    /// Words of text that the model reads which came, went or became others.
    public let words: Int
    /// Whether each change is small for a reason that its entry names.
    public let isSmall: Bool
    public let weakenings: Int
    public let promises: Int
    /// Such as `2 fields: 12 words of text that the model reads, 1 of structure`.
    public let sentence: String
  }

  public var summary: Summary {
    var fields: [Class: Int] = [:]
    for entry in entries { fields[entry.fieldClass, default: 0] += 1 }
    let words = entries.reduce(0) { $0 + ($1.fieldClass == .modelText ? $1.wordCount : 0) }
    let isSmall = !entries.isEmpty && entries.allSatisfy { $0.smallness != nil }
    let weakenings = entries.count { $0.isWeakening }
    let promises = entries.count { $0.isPromise }
    var parts: [String] = []
    for (fieldClass, word) in [
      (Class.structure, "of structure"), (.hints, "of hints"), (.appearance, "of appearance"),
    ] {
      if let count = fields[fieldClass] { parts.append("\(count) \(word)") }
    }
    if fields[.modelText] != nil {
      parts.insert("\(words) \(words == 1 ? "word" : "words") of text that the model reads", at: 0)
    }
    var sentence = "\(entries.count) \(entries.count == 1 ? "field" : "fields")"
    if !parts.isEmpty { sentence += ": " + parts.joined(separator: ", ") }
    if weakenings > 0 { sentence += "; it promises less than before" }
    if promises > 0 { sentence += "; it promises more than before" }
    if isSmall { sentence += "; small" }
    return Summary(
      fields: fields, words: words, isSmall: isSmall, weakenings: weakenings, promises: promises,
      sentence: sentence)
  }

  /// Whether a change is none of text or structure, an order without meaning left aside, and of
  /// hints some are left out at most: what can be approved together with others like it. Never so
  /// for a new item.
  public var isUnchangedInSubstance: Bool {
    isComparison && !isEmpty
      && entries.allSatisfy { entry in
        (entry.fieldClass == .appearance || entry.smallness == .order
          || (entry.fieldClass == .hints && entry.smallness == .omission))
          && !entry.isWeakening && !entry.isPromise
      }
  }
}

extension Difference.Entry {
  /// Words that came or went; where some became others, the greater number of both.
  fileprivate var wordCount: Int {
    switch change {
    case .added(let value), .removed(let value):
      return Words.count(value.text?.utf8 ?? value.canonical)
    case .changed(let from, let to):
      guard !words.isEmpty else {
        return max(
          Words.count(from.text?.utf8 ?? from.canonical), Words.count(to.text?.utf8 ?? to.canonical)
        )
      }
      func count(_ kind: WordRun.Kind) -> Int {
        words.reduce(0) { $0 + ($1.kind == kind ? Words.count($1.text.utf8) : 0) }
      }
      return max(count(.removed), count(.added))
    }
  }
}

extension Words {
  /// How many words there are, punctuation and space left aside.
  static func count(_ bytes: [UInt8]) -> Int {
    split(bytes).count { $0.first.map(isWord) == true }
  }
}
