import Digest
import JSON

/// What a host's own dialogue shows of one waiting item: as much as fits, and where the rest is.
///
/// Nobody knows how a host shows it, nor whether a model reads it too. So it is plain text; what a
/// server wrote is made visible and stands far enough to the right that no reader of Markdown takes
/// it for anything but text; and nothing in it is the means to approve.
public struct QuestionText: Equatable, Sendable {
  public let text: String

  /// Characters of the changes that are shown.
  public static let limit = 2_000
  private static let width = 72
  private static let margin = "    "

  public init(_ review: ReviewText) {
    let item = review.item
    let digest = item.pin.digest.hex
    var lines = [
      "Cordon asks, not the server: may a \(item.pin.key.kind.rawValue) of the MCP server "
        + "\(review.server) be used as it is described now?",
      "",
      Self.margin + Rendering.name(item.pin.key, limit: 100),
      Self.margin + review.question,
    ]
    if item.difference.isComparison {
      lines.append("\(Self.margin)\(item.difference.summary.sentence).")
    }
    lines += ["\(Self.margin)digest \(digest.prefix(8))…\(digest.suffix(8))", ""]
    let rest =
      FindingText.lines(review.findings, except: review.known, width: Self.width)
      + item.difference.lines(width: Self.width, folding: .long)
    var room = Self.limit
    let shown = rest.map { Self.margin + $0.text }.prefix { line in
      room -= line.count
      return room >= 0
    }
    lines += Array(shown)
    lines.append("")
    let command = "`cordon review \(review.server)`, in a terminal of your own"
    lines.append(
      shown.count == rest.count
        ? "Approve only what you have read. To decide elsewhere: \(command)."
        : "\(rest.count - shown.count) more lines did not fit. Read them before you approve: "
          + "\(command).")
    text = lines.joined(separator: "\n")
  }
}
