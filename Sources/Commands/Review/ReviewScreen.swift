import Digest
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
    let key = item.pin.key
    var lines = ["\(server): \(position) of \(total)", ""]
    lines += field("kind", key.kind.rawValue)
    if !key.kind.isSingle { lines += field("name", key.name.utf8) }
    lines += field("state", state)
    lines += field("digest", item.pin.digest.hex)
    lines.append("")
    lines += item.difference.lines(width: width).map { "  " + painted($0) }
    lines.append("")
    return lines
  }

  /// Two columns of margin on the left, one free on the right: a terminal that wraps at the last
  /// column must not begin a line with the server's words.
  private var width: Int { max(columns, 40) - 3 }

  private var state: String {
    let waiting = item.version
    if item.pin.key.kind == .launch, let old = record.lineage, let new = waiting.lineage, old != new
    {
      let decided = record.sorted.filter { other in
        other.key.kind != .launch && (other.approved != nil || !other.rejected.isEmpty)
      }
      return "another program under this name: approving it drops \(decided.count) decisions "
        + "about the earlier one"
    }
    if item.approved != nil { return "changed since it was approved" }
    if let renamed = item.renamed {
      return "new, and much like \(ItemReference.text(renamed)), which is no longer listed"
    }
    if record[item.pin.key]?.rejected.isEmpty == false {
      return "new; another content under this name was rejected"
    }
    return "new"
  }

  private func field(_ label: String, _ text: String) -> [String] { field(label, text.utf8) }

  private func field(_ label: String, _ text: some Sequence<UInt8>) -> [String] {
    let padding = String(repeating: " ", count: 8 - label.count)
    return Rendering.lines(text, width: width - 8).enumerated().map { index, row in
      (index == 0 ? "  \(label)\(padding)" : "          ") + row
    }
  }

  /// Red and green repeat what the signs say.
  private func painted(_ line: String) -> String {
    guard coloured else { return line }
    if line.utf8.starts(with: "    - ".utf8) { return "\u{1B}[31m\(line)\u{1B}[0m" }
    if line.utf8.starts(with: "    + ".utf8) { return "\u{1B}[32m\(line)\u{1B}[0m" }
    return line
  }
}
