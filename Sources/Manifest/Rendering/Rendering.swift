public import JSON

/// Makes text that a server wrote safe to show: on one line, in visible characters only, so that
/// it can neither draw on the terminal nor hide anything.
public enum Rendering {
  /// What stands for characters that are not shown as themselves, such as `‹U+202E›`. The marks
  /// themselves are escaped where a server writes them, so an escape cannot be forged.
  static let open = "‹"
  static let close = "›"

  /// One line. What is longer than `limit` characters is cut, and the full length said.
  public static func line(_ bytes: some Sequence<UInt8>, limit: Int = .max) -> String {
    let text = visible(bytes)
    guard text.count > limit else { return text.string }
    return text.prefix(limit) + " \(open)cut: \(text.byteCount) bytes in all\(close)"
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

  /// Several lines, each of `width` columns at most, of at most `limit` bytes: the text's own line feeds are kept, and long
  /// lines broken, so that with a margin before each nothing of it begins a terminal's line.
  public static func lines(
    _ bytes: some Sequence<UInt8>, width: Int = 96, limit: Int = .max
  ) -> [String] {
    lines([.server(Array(bytes)[...])], width: width, limit: limit)
  }

  /// Text of a server's with marks of ours in between.
  enum Piece {
    case server(ArraySlice<UInt8>)
    case own(String)
  }

  /// One line, line feeds as escapes.
  static func line(_ pieces: [Piece]) -> String { joined(pieces).string }

  /// The same, broken where it is too long.
  static func wrapped(_ pieces: [Piece], width: Int) -> [String] {
    joined(pieces).wrapped(at: max(width, 16))
  }

  private static func joined(_ pieces: [Piece]) -> VisibleText {
    var text = VisibleText()
    for piece in pieces {
      switch piece {
      case .own(let mark): text.append(own: mark)
      case .server(let bytes): text.append(bytes)
      }
    }
    return text
  }

  static func lines(_ pieces: [Piece], width: Int, limit: Int = .max) -> [String] {
    var texts = [VisibleText()]
    var rest = limit
    for piece in pieces {
      switch piece {
      case .own(let mark): texts[texts.count - 1].append(own: mark)
      case .server(let bytes):
        // At line feeds alone; a carriage return before one stays visible.
        let parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
          if index > 0 {
            texts.append(VisibleText())
            rest = rest == .max ? .max : max(0, rest - 1)
          }
          guard rest >= part.count else {
            texts[texts.count - 1].append(part.prefix(rest))
            texts[texts.count - 1].append(own: "\(open)cut: \(bytes.count) bytes in all\(close)")
            return texts.flatMap { $0.wrapped(at: max(width, 16)) }
          }
          texts[texts.count - 1].append(part)
          if rest != .max { rest -= part.count }
        }
      }
    }
    return texts.flatMap { $0.wrapped(at: max(width, 16)) }
  }

  private static func visible(_ bytes: some Sequence<UInt8>) -> VisibleText {
    var text = VisibleText()
    text.append(bytes)
    return text
  }
}
