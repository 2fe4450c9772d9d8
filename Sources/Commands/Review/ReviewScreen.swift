import JSON
import Manifest

/// What a person sees of one waiting item: a value, so that a test can compare it.
struct ReviewScreen {
  let server: String
  let record: ServerRecord
  let item: WaitingItem
  let position: Int
  let total: Int
  let columns: Int
  let coloured: Bool

  var lines: [String] {
    // One column is free on the right: a terminal that wraps at the last column must not begin a
    // line with the server's words.
    let text = ReviewText(server: server, record: record, item: item)
    return ["\(server): \(position) of \(total)", ""]
      + text.lines(width: max(columns, 40) - 1).map { painted($0.text) } + [""]
  }

  /// Red and green repeat what the signs say.
  private func painted(_ line: String) -> String {
    guard coloured else { return line }
    if line.utf8.starts(with: "    - ".utf8) { return "\u{1B}[31m\(line)\u{1B}[0m" }
    if line.utf8.starts(with: "    + ".utf8) { return "\u{1B}[32m\(line)\u{1B}[0m" }
    return line
  }
}
