/// A few words in a row, as a pattern.
///
/// Written as words with blanks between them: `a|b` is one of both, `a?` may be missing, and `*3`
/// stands for as many words at most. `NOT` and `USER` stand for what is often said for them.
struct Phrase {
  private enum Token {
    case words(Set<UInt64>, isOptional: Bool)
    case gap(Int)
  }

  let rule: Finding.Rule
  let sentence: String
  private let tokens: [Token]

  /// With what the first word can be.
  static func parse(
    _ pattern: String, _ rule: Finding.Rule, _ sentence: String
  ) -> [(first: Set<UInt64>, phrase: Phrase)] {
    let negations = [
      "do not ever?", "don't|dont|never ever?", "must|should|shall not|never ever?",
      "mustn't|shouldn't ever?",
    ]
    let variants =
      pattern.contains("NOT")
      ? negations.map { pattern.replacing("NOT", with: $0) } : [pattern]
    return variants.compactMap { variant in
      let tokens = variant.split(separator: " ").map(token)
      guard case .words(let first, isOptional: false)? = tokens.first else { return nil }
      return (
        first, Phrase(rule: rule, sentence: sentence, tokens: Array(tokens.dropFirst()))
      )
    }
  }

  private static let users =
    "user|users|human|humans|person|operator|customer|anyone|anybody|him|her|them|people"

  private static func token(_ text: Substring) -> Token {
    if text.hasPrefix("*") { return .gap(Int(text.dropFirst()) ?? 0) }
    let isOptional = text.hasSuffix("?")
    let words = (isOptional ? String(text.dropLast()) : String(text))
      .replacing("USER", with: users)
    return .words(
      Set(words.split(separator: "|").map { FoldedText.hash($0.utf8) }), isOptional: isOptional)
  }

  /// The index after the last word where this follows the first word, which is at `index - 1`.
  func end(in words: [FoldedText.Word], after index: Int) -> Int? {
    match(0, words, index)
  }

  /// A token, a gap of a few words or none, and the next: bounded by the pattern, not by the text.
  private func match(_ token: Int, _ words: [FoldedText.Word], _ index: Int) -> Int? {
    guard token < tokens.count else { return index }
    switch tokens[token] {
    case .gap(let most):
      for skipped in 0...most where index + skipped <= words.count {
        if let end = match(token + 1, words, index + skipped) { return end }
      }
      return nil
    case .words(let wanted, let isOptional):
      if index < words.count, wanted.contains(words[index].hash),
        let end = match(token + 1, words, index + 1)
      {
        return end
      }
      return isOptional ? match(token + 1, words, index) : nil
    }
  }
}
