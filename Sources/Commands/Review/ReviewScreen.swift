import Digest
import JSON
import Manifest

/// What a person sees of one waiting item: a value, so that a test can compare it.
struct ReviewScreen {
  let server: String
  let record: ServerRecord
  let item: ItemRecord
  /// The content that waits.
  let version: Version
  let position: Int
  let total: Int
  let columns: Int
  let coloured: Bool

  var lines: [String] {
    var lines = ["\(server): \(position) of \(total)", ""]
    lines += field("kind", item.key.kind.rawValue)
    if !item.key.kind.isSingle { lines += name }
    lines += field("state", state)
    lines += field("digest", version.digest.hex)
    lines.append("")
    lines += content.map { "  " + $0 }
    lines.append("")
    return lines
  }

  /// Two columns of margin on the left, one free on the right: a terminal that wraps at the last
  /// column must not begin a line with the server's words.
  private var width: Int { max(columns, 40) - 3 }

  private var content: [String] {
    guard let approved = item.approved else {
      return BodyLines.of(version.canonical, columns: width)
    }
    return DifferenceLines.of(
      before: approved.canonical, after: version.canonical, columns: width, coloured: coloured)
  }

  private var state: String {
    if item.key.kind == .launch, let old = record.lineage, let new = version.lineage, old != new {
      let decided = record.items.values.filter { other in
        other.key.kind != .launch && (other.approved != nil || !other.rejected.isEmpty)
      }
      return "another program under this name: approving it drops \(decided.count) decisions "
        + "about the earlier one"
    }
    if item.approved != nil { return "changed since it was approved" }
    if !item.rejected.isEmpty { return "new; another content under this name was rejected" }
    return "new"
  }

  private var name: [String] {
    let rows = Rendering.lines(item.key.name.utf8, width: width - 8)
    return rows.enumerated().map { index, row in
      index == 0 ? "  name    \(row)" : "          \(row)"
    }
  }

  private func field(_ label: String, _ text: String) -> [String] {
    let padding = String(repeating: " ", count: 8 - label.count)
    let rows = Rendering.lines(text.utf8, width: width - 8)
    return rows.enumerated().map { index, row in
      index == 0 ? "  \(label)\(padding)\(row)" : "          \(row)"
    }
  }
}
