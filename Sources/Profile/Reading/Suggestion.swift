/// The nearest valid word.
enum Suggestion {
  /// - Returns: the candidate with the least edit distance; nil where none is near enough to be
  ///   what was meant.
  static func nearest(to word: String, in candidates: [String]) -> String? {
    let wanted = Array(word.utf8.prefix(64))
    if let sameLetters = candidates.first(where: { lowercase($0) == lowercase(word) }) {
      return sameLetters
    }
    let allowed = max(1, min(3, wanted.count / 3))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.utf8)
      guard abs(letters.count - wanted.count) <= allowed else { continue }
      let distance = distance(wanted, letters)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// `did you mean "x"`, or else all the valid words.
  static func hint(for word: String, in candidates: [String]) -> String {
    if let nearest = nearest(to: word, in: candidates) { return "did you mean \"\(nearest)\"" }
    return "valid here: " + candidates.map { "\"\($0)\"" }.joined(separator: ", ")
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var beforeLast = [Int]()
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var least = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }

  private static func lowercase(_ word: String) -> [UInt8] {
    word.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }
}
