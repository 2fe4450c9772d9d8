public import JSON

/// Makes text that a server wrote safe to show: in visible characters only, in the order in which
/// they stand, so that it can neither draw on the terminal nor hide anything.
public enum Rendering {
  /// What stands for characters that are not shown as themselves, such as `‹U+202E›`. The marks
  /// themselves are escaped where a server writes them, so an escape cannot be forged.
  static let open = "‹"
  static let close = "›"
  /// No box is narrower: the longest escape has ten columns.
  static let narrowest = 16

  /// Whether a character is shown as itself.
  public static func isShown(_ scalar: Unicode.Scalar) -> Bool { VisibleText.isPlain(scalar) }

  /// One line. What is longer than `limit` characters is cut, and the full length said.
  public static func line(_ bytes: some Sequence<UInt8>, limit: Int = .max) -> String {
    var text = VisibleText()
    text.append(bytes)
    guard text.count > limit else { return text.string }
    return text.prefix(limit) + " " + cut(text.byteCount)
  }

  public static func line(_ text: JSONString, limit: Int = .max) -> String {
    line(text.utf8, limit: limit)
  }

  public static func line(_ text: String, limit: Int = .max) -> String {
    line(text.utf8, limit: limit)
  }

  /// An item as the commands name it: `tool:notes_search`, or `instructions`.
  public static func name(_ key: ItemKey, limit: Int = 200) -> String {
    key.kind.isSingle ? key.kind.rawValue : "\(key.kind.rawValue):\(line(key.name, limit: limit))"
  }

  /// Several lines, each of `width` columns at most (16 at least): the text's own line feeds are
  /// kept, and long lines broken, so that with a margin before each nothing of it begins a
  /// terminal's line. Many empty lines in a row are counted.
  ///
  /// - Parameter limit: bytes that are shown; beyond, the text is cut and its full length said.
  public static func lines(
    _ bytes: some Sequence<UInt8>, width: Int = 96, limit: Int = .max
  ) -> [String] {
    let bytes = Array(bytes)
    var pieces: [Piece] = [.server(bytes.prefix(limit))]
    if bytes.count > limit { pieces.append(.own(cut(bytes.count))) }
    return lines(pieces, width: width).map(\.text)
  }

  /// Text of a server's with marks of ours in between.
  enum Piece {
    case server(ArraySlice<UInt8>, StyledLine.Style = .plain)
    case own(String, StyledLine.Style = .plain)
  }

  /// One line, line feeds as escapes.
  static func line(_ pieces: [Piece]) -> String { joined(pieces).string }

  /// The same, broken where it is too long.
  static func wrapped(_ pieces: [Piece], width: Int) -> [StyledLine] {
    joined(pieces).wrapped(at: max(width, narrowest))
  }

  /// Several lines, line feeds kept.
  static func lines(_ pieces: [Piece], width: Int) -> [StyledLine] {
    var texts = [VisibleText()]
    for piece in pieces {
      switch piece {
      case .own(let mark, let style): texts[texts.count - 1].append(own: mark, style)
      case .server(let bytes, let style):
        // At line feeds alone; a carriage return before one stays visible.
        let parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
          if index > 0 { texts.append(VisibleText()) }
          texts[texts.count - 1].append(part, style)
        }
      }
    }
    return withoutEmptiness(texts).flatMap { $0.wrapped(at: max(width, narrowest)) }
  }

  static func cut(_ size: Int) -> String { "\(open)cut: \(size) bytes in all\(close)" }

  private static func joined(_ pieces: [Piece]) -> VisibleText {
    var text = VisibleText()
    for piece in pieces {
      switch piece {
      case .own(let mark, let style): text.append(own: mark, style)
      case .server(let bytes, let style): text.append(bytes, style)
      }
    }
    return text
  }

  /// More than three empty lines in a row become one that says how many: they could push the rest
  /// out of sight.
  private static func withoutEmptiness(_ texts: [VisibleText]) -> [VisibleText] {
    var result: [VisibleText] = []
    var empty: [VisibleText] = []
    func ended() -> [VisibleText] {
      guard empty.count > 3 else { return empty }
      var mark = VisibleText()
      mark.append(own: "\(open)\(empty.count) empty lines\(close)", .faint)
      return [mark]
    }
    for text in texts {
      if text.isBlank {
        empty.append(text)
      } else {
        result += ended() + [text]
        empty = []
      }
    }
    return result + ended()
  }
}
