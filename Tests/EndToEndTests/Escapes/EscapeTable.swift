import Foundation

/// The table that the suite prints: attempts by contender, and below it the lines of the README's.
struct EscapeTable {
  private(set) var lines: [String] = []
  private(set) var families: [Family] = []

  /// One line of the README's table.
  struct Family: Equatable {
    let title: String
    let attempts: Int
    /// Denied, by contender; Cordon's is the worse of its identities.
    let cordon: Int
    let peers: [Int]

    var text: String {
      "| \(title) | \(attempts) | \(cordon) | "
        + peers.map(String.init).joined(separator: " | ") + " |"
    }
  }

  /// Adds attempts with their answers outside and in each contender.
  mutating func add(
    _ attempts: [Attempt], outside: (Attempt) -> Answer,
    inside: (Contender, Attempt) -> Answer
  ) {
    for attempt in attempts {
      var cells = [pad(attempt.name, 30), pad(Self.proof(of: attempt, by: outside(attempt)), 22)]
      cells += Contender.allCases.map { pad(inside($0, attempt).word, 16) }
      lines.append(
        cells.joined(separator: " ") + " " + attempt.what + " (" + attempt.kind + ")")
    }
    for title in attempts.map(\.family).uniqued() {
      let members = attempts.filter { $0.family == title }
      func denied(_ contender: Contender) -> Int {
        members.count { attempt in
          let answer = inside(contender, attempt)
          return contender.isCordon
            ? attempt.expected(in: contender).contains(answer.word) : answer.isDenied
        }
      }
      families.append(
        Family(
          title: title, attempts: members.count,
          cordon: Contender.cordon.map(denied).min() ?? 0, peers: Contender.peers.map(denied)))
    }
  }

  var text: String {
    let head = ["attempt", "outside"] + Contender.allCases.map(\.rawValue)
    let widths = [30, 22] + Contender.allCases.map { _ in 16 }
    let title = zip(head, widths).map { pad($0, $1) }.joined(separator: " ")
    let who = Places.isRoot ? "root" : "an ordinary user"
    let sums = families.reduce(into: [0, 0] + Contender.peers.map { _ in 0 }) { sums, family in
      for (index, number) in ([family.attempts, family.cordon] + family.peers).enumerated() {
        sums[index] += number
      }
    }
    let total = "| all | " + sums.map(String.init).joined(separator: " | ") + " |"
    return
      (["Escape attempts as \(who)", "", title] + lines
      + ["", "Denied, of how many, as \(who):", ""] + families.map(\.text) + [total, ""])
      .joined(separator: "\n")
  }

  /// An answer outside, and why it counts where the attempt did not get through.
  private static func proof(of attempt: Attempt, by answer: Answer) -> String {
    if answer.isThrough { return answer.word }
    return answer.word + (attempt.lacking.contains(answer.word) ? ", lacking" : ", no right")
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of the first.
  fileprivate func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
