import Digest
import JSON

/// What a person is shown of one waiting item, by whichever way they are asked: a value, so that a
/// test can compare it.
///
/// All that a server wrote is made visible and stands behind a margin of its own.
public struct ReviewText: Sendable {
  public let server: String
  public let item: WaitingItem
  private let record: ServerRecord

  /// - Parameters:
  ///   - server: the server's name.
  ///   - record: the record that the item is from.
  public init(server: String, record: ServerRecord, item: WaitingItem) {
    self.server = server
    self.record = record
    self.item = item
  }

  /// Lines of at most `width` columns (40 at least), long text folded and its length said.
  public func lines(width: Int) -> [StyledLine] {
    let width = max(width, 40)
    let key = item.pin.key
    var lines = field("kind", key.kind.rawValue, width)
    if !key.kind.isSingle { lines += field("name", key.name.utf8, width) }
    lines += field("state", state, width)
    if let renamed = item.renamed { lines += field("was", renamed.name.utf8, width) }
    lines += field("digest", item.pin.digest.hex, width)
    lines.append(StyledLine())
    lines += item.difference.lines(width: width - 2, folding: .unchanged).map { $0.behind("  ") }
    return lines
  }

  /// One plain sentence of Cordon's own: since when and against what the item waits.
  public var state: String {
    if item.pin.key.kind == .launch, let old = record.lineage, let new = item.version.lineage,
      old != new
    {
      let decided = record.sorted.filter { other in
        other.key.kind != .launch && (other.approved != nil || !other.rejected.isEmpty)
      }
      return "another program under this name: approving it drops \(decided.count) decisions "
        + "about the earlier one"
    }
    if item.approved != nil { return "changed since it was approved" }
    if item.renamed != nil { return "new, and much like an item that is no longer listed" }
    if record[item.pin.key]?.rejected.isEmpty == false {
      return "new; another content under this name was rejected"
    }
    return "new"
  }

  private func field(_ label: String, _ text: String, _ width: Int) -> [StyledLine] {
    field(label, text.utf8, width)
  }

  private func field(
    _ label: String, _ text: some Sequence<UInt8>, _ width: Int
  ) -> [StyledLine] {
    let padding = String(repeating: " ", count: 8 - label.count)
    return Rendering.lines(text, width: width - 10).enumerated().map { index, row in
      StyledLine([.init(index == 0 ? "  \(label)\(padding)" : "          "), .init(row)])
    }
  }
}
