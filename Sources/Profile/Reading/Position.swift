/// Where something stands in a file, with the line itself for messages.
public struct Position: Hashable, Sendable {
  /// The file's name as messages show it; `shipped:NAME.jsonc` for a profile inside the binary.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// The line, shortened around the place and safe for a terminal.
  public let text: String
  /// Spaces and a caret that stand below the place in `text`.
  public let caret: String

  /// The place alone, where the line may hold what must not be shown.
  var withoutText: Position {
    Position(file: file, line: line, column: column, text: "", caret: "")
  }
}

/// A file's bytes under the name that messages show.
struct SourceText: Sendable {
  let name: String
  let bytes: [UInt8]
  private let lineStarts: [Int]

  init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    lineStarts = [0] + bytes.indices.lazy.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
  }

  /// - Parameter range: the bytes to underline; an offset past the end means the end.
  func position(of range: Range<Int>) -> Position {
    let offset = min(max(range.lowerBound, 0), bytes.count)
    let line = lineIndex(of: offset)
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > offset, bytes[end - 1] == 0x0D { end -= 1 }

    let before = Array(String(decoding: bytes[start..<offset], as: UTF8.self).unicodeScalars)
    let marked = String(
      decoding: bytes[offset..<min(max(range.upperBound, offset), max(end, offset))],
      as: UTF8.self)
    let rest = String(decoding: bytes[offset..<max(end, offset)], as: UTF8.self)

    var shownBefore = Printable.text(before)
    if shownBefore.count > 60 { shownBefore = "…" + shownBefore.suffix(59) }
    var shownRest = Printable.text(rest.unicodeScalars)
    let room = 96 - shownBefore.count
    if shownRest.count > room { shownRest = shownRest.prefix(room - 1) + "…" }
    let width = min(Printable.text(marked.unicodeScalars).count, shownRest.count)
    let indentation = shownBefore.prefix(while: { $0 == " " }).count
    return Position(
      file: name, line: line + 1, column: before.count + 1,
      text: String(shownBefore.dropFirst(indentation)) + shownRest,
      caret: String(repeating: " ", count: shownBefore.count - indentation) + "^"
        + String(repeating: "~", count: max(width - 1, 0)))
  }

  /// The last line that begins at or before the offset.
  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}
