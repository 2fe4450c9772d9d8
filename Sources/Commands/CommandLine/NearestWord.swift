/// The word that was probably meant.
enum NearestWord {
  /// The nearest of `words` by insertions, deletions, replacements and swaps; nil where none is
  /// near enough to be worth a guess (a third of the typed word, two at most).
  static func of(_ typed: String, among words: [String]) -> String? {
    let bound = min(2, typed.utf8.count / 3)
    var best: (word: String, distance: Int)?
    for word in words {
      let distance = distance(Array(typed.utf8), Array(word.utf8))
      if distance <= bound, distance < best?.distance ?? .max { best = (word, distance) }
    }
    if let best { return best.word }
    let extending = words.filter { typed.utf8.count >= 3 && $0.utf8.starts(with: typed.utf8) }
    return extending.count == 1 ? extending.first : nil
  }

  /// Damerau's distance over bytes (optimal string alignment).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let same = left[row] == right[column]
        var cost = min(
          previous[column] + (same ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, older[column - 1] + 1)
        }
        current.append(cost)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
