import Foundation

/// One attempt to get out, as the program that makes it describes it: see Attempts/attempts.h.
struct Attempt: Sendable {
  let name: String
  /// What the README's table has a line for.
  let family: String
  let kind: String
  let what: String
  private let expected: Set<String>
  /// Those that count as well where destinations are granted.
  private let expectedWithEgress: Set<String>
  /// The answers outside by which a kernel or machine says that it does not have the thing.
  let lacking: Set<String>
  /// Whom the kernel lets do it outside: "anyone", "root", "resource".
  let rights: String

  static let neighbours = "Two servers"

  static func list(_ program: String) throws -> [Attempt] {
    try Finished.run([program, "list"], environment: [:]).output.split(separator: "\n").map {
      let fields = $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
      return Attempt(
        name: fields[1], family: fields[2], kind: fields[3], what: fields[4],
        expected: words(fields[5]), expectedWithEgress: words(fields[8]),
        lacking: words(fields[6]), rights: fields[7])
    }
  }

  /// The answers inside that count as denied there.
  func expected(in contender: Contender) -> Set<String> {
    contender == .egress ? expected.union(expectedWithEgress) : expected
  }

  /// Whether an answer outside proves the attempt: it got through, or it could not have, for a reason
  /// that has nothing to do with a sandbox.
  func isProved(by answer: Answer) -> Bool {
    if answer.isThrough || lacking.contains(answer.word) { return true }
    let refused = answer.word == "EPERM" || answer.word == "EACCES"
    return refused && (rights == "resource" || (rights == "root" && !Places.isRoot))
  }
}

/// What came of an attempt.
struct Answer: Sendable, Equatable {
  /// An errno's name, a signal's name, "through", "nothing"; or what went wrong with the attempt.
  let word: String
  let detail: String

  static let missing = Answer(word: "no answer", detail: "")

  var isThrough: Bool { word == "through" }

  /// Denied by whatever: how a peer is judged. Cordon has to give the expected answer.
  var isDenied: Bool { !isThrough && word != "timeout" && !word.contains(" ") && !isUnfinished }

  private var isUnfinished: Bool { word == "unfinished" }

  /// The answers in what the program wrote.
  static func all(in text: String) -> [String: Answer] {
    var found: [String: Answer] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      // What waited on the socket may stand before the first line.
      guard fields.count == 4, fields[0].hasSuffix("result") else { continue }
      found[fields[1]] = Answer(word: fields[2], detail: fields[3])
    }
    return found
  }
}
