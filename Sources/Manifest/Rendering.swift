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
    guard text.count > limit else { return text.scalars }
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

  /// Several lines, each of `width` columns at most: the text's own line breaks are kept, and
  /// long lines broken, so that with a margin before each nothing of it begins a terminal's line.
  public static func lines(
    _ bytes: some Sequence<UInt8>, width: Int = 96, limit: Int = .max
  ) -> [String] {
    var result: [String] = []
    var rest = limit
    for part in split(Array(bytes)) {
      guard rest > 0 else {
        result.append("\(open)cut\(close)")
        break
      }
      let text = visible(part)
      result += text.wrapped(at: max(width, 8), upTo: rest)
      rest = rest == .max ? .max : rest - text.count
    }
    return result
  }

  /// At line feeds; a carriage return before one stays visible.
  private static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  }

  private static func visible(_ bytes: some Sequence<UInt8>) -> VisibleText {
    var text = VisibleText()
    text.append(bytes)
    return text
  }
}
