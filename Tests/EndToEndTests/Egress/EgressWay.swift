/// One way out, as Ways/table.py describes it.
struct EgressWay: Sendable {
  let name: String
  let what: String
  /// The answers inside that count as denied.
  let expected: Set<String>
  /// The answers outside by which a kernel says that it does not have the thing.
  let lacking: Set<String>
  let isOfRoot: Bool
  /// A capture shows what it sends.
  let isSeen: Bool

  static func list() throws -> [EgressWay] {
    let listed = try Finished.run(
      [Places.python, EgressGround.ways + "/ways.py", "list"], environment: [:])
    return listed.output.split(separator: "\n").map {
      let fields = $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }
      return EgressWay(
        name: fields[0], what: fields[1], expected: words(fields[2]), lacking: words(fields[3]),
        isOfRoot: fields[4] == "root", isSeen: fields[5] == "seen")
    }
  }

  /// Whether an answer outside proves the way: it led out, or could not, for a reason that has nothing
  /// to do with a sandbox.
  func isProved(by answer: Answer) -> Bool {
    if answer.isThrough || lacking.contains(answer.word) { return true }
    return isOfRoot && !Places.isRoot && ["EPERM", "EACCES"].contains(answer.word)
  }
}
