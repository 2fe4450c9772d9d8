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
      + text.lines(width: max(columns, 40) - 1).map { $0.painted(coloured) } + [""]
  }
}
