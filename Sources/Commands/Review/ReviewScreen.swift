import Manifest

/// One screen: a title, a part of a text, what there is to say, and the keys. A value, so that a
/// test can compare it.
struct ReviewScreen {
  static let narrowest = ReviewText.narrowest + 1
  static let lowest = 8

  let title: String
  let body: [StyledLine]
  /// What the person should know now; empty for nothing.
  let message: String
  /// Each with its key first.
  let keys: [String]
  let columns: Int
  let rows: Int

  /// A terminal that is smaller cannot show an item without breaking its lines.
  static func fits(_ size: (columns: Int, rows: Int)) -> Bool {
    size.columns >= narrowest && size.rows >= lowest
  }

  /// One column is free on the right: a terminal that wraps at the last one must not begin a line
  /// with the server's words.
  static func width(_ columns: Int) -> Int { columns - 1 }

  /// Lines of the text that are shown at once.
  var height: Int { max(1, rows - head.count - 1 - wrappedKeys.count) }

  func lines(_ view: Viewport) -> [StyledLine] {
    let range = view.range(count: body.count, height: height)
    return head + body[range] + [status(range)] + wrappedKeys
  }

  private var head: [StyledLine] { wrapped(title, .heading) }

  private func status(_ range: Range<Int>) -> StyledLine {
    // One line always, or the text would jump.
    if !message.isEmpty { return StyledLine(Self.cut(message, Self.width(columns)), .warning) }
    guard range.count < body.count else { return StyledLine() }
    let more = range.upperBound < body.count ? ", space: more" : ""
    let text = "lines \(range.lowerBound + 1)-\(range.upperBound) of \(body.count)\(more)"
    return StyledLine(Self.cut(text, Self.width(columns)), .warning)
  }

  private var wrappedKeys: [StyledLine] {
    var lines: [String] = []
    for key in keys {
      if let last = lines.last, last.utf8.count + key.utf8.count + 2 <= Self.width(columns) {
        lines[lines.count - 1] += "  " + key
      } else {
        lines.append(key)
      }
    }
    return lines.map { StyledLine($0) }
  }

  private func wrapped(_ text: String, _ style: StyledLine.Style) -> [StyledLine] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.utf8.count + word.utf8.count + 1 <= Self.width(columns) {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { StyledLine($0, style) }
  }

  /// Words of Cordon's own, which are ASCII.
  private static func cut(_ text: String, _ width: Int) -> String {
    text.utf8.count <= width ? text : String(text.prefix(max(0, width - 3))) + "..."
  }
}

extension Dialogue {
  /// Draws it where the last one stood, or behind it where the terminal cannot do that.
  func show(_ screen: ReviewScreen, _ view: Viewport) {
    let text = screen.lines(view).map { $0.painted(coloured) }.joined(separator: "\n")
    write(canDraw ? "\u{1B}[H\u{1B}[2J" + text : text + "\n")
  }
}
