/// A file's bytes under the name that messages show.
struct SourceText: Sendable {
  let name: String
  let bytes: [UInt8]
}

/// Where something stands in a file. Line, column and text are made when a message needs them: a
/// launch that goes well never does.
public struct Position: Hashable, Sendable {
  private let source: SourceText
  private let range: Range<Int>
  private let showsText: Bool

  init(_ source: SourceText, _ range: Range<Int>, showsText: Bool = true) {
    let start = min(max(range.lowerBound, 0), source.bytes.count)
    self.source = source
    self.range = start..<min(max(range.upperBound, start), source.bytes.count)
    self.showsText = showsText
  }

  /// The file's name as messages show it; `shipped:NAME.jsonc` for a profile inside the binary.
  public var file: String { source.name }

  /// Counted from 1.
  public var line: Int {
    1 + source.bytes[..<range.lowerBound].count { $0 == 0x0A }
  }

  /// Counted from 1, in Unicode scalars.
  public var column: Int {
    1
      + String(decoding: source.bytes[lineStart..<range.lowerBound], as: UTF8.self)
      .unicodeScalars.count
  }

  /// The line, shortened around the place and safe for a terminal, and below it a caret; nil where
  /// the line may hold what must not be shown.
  public var excerpt: (text: String, caret: String)? {
    guard showsText else { return nil }
    let end = lineEnd
    var before = shown(lineStart..<range.lowerBound)
    if before.count > 60 { before = "…" + before.suffix(59) }
    let indentation = before.prefix { $0 == " " }.count
    before.removeFirst(indentation)
    var rest = shown(range.lowerBound..<end)
    let room = 96 - before.count
    if rest.count > room { rest = rest.prefix(room - 1) + "…" }
    let width = min(shown(range.lowerBound..<min(range.upperBound, end)).count, rest.count)
    let caret = "^" + String(repeating: "~", count: max(width - 1, 0))
    return (before + rest, String(repeating: " ", count: before.count) + caret)
  }

  /// The place alone.
  var withoutText: Position { Position(source, range, showsText: false) }

  private var lineStart: Int {
    source.bytes[..<range.lowerBound].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  }

  /// Without the line's end, be it a line feed or a carriage return before it.
  private var lineEnd: Int {
    let end = source.bytes[range.lowerBound...].firstIndex(of: 0x0A) ?? source.bytes.count
    return end > range.lowerBound && source.bytes[end - 1] == 0x0D ? end - 1 : end
  }

  private func shown(_ range: Range<Int>) -> String {
    Printable.text(String(decoding: source.bytes[range], as: UTF8.self).unicodeScalars)
  }

  public static func == (first: Position, second: Position) -> Bool {
    first.range == second.range && first.file.hasSameBytes(as: second.file)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(range)
  }
}
