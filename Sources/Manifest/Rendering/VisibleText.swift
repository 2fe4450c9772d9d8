/// Text under construction of which every part can be seen.
struct VisibleText {
  /// One shown character with its marks, or one escape, which is never broken up.
  private struct Piece {
    var text: String
    var width: Int
    let style: StyledLine.Style
    /// A character of the server's own that a mark may stand on.
    let isBase: Bool
  }

  /// Spaces in a row beyond these are counted: they could push text out of sight.
  private static let spaceLimit = 16
  /// A terminal draws combining marks over what is around them; a language needs few at a time.
  private static let markLimit = 3

  private var pieces: [Piece] = []
  private var marks = 0
  private(set) var byteCount = 0

  var count: Int { pieces.count }
  var string: String { pieces.map(\.text).joined() }
  /// Nothing, or nothing but spaces.
  var isBlank: Bool { pieces.allSatisfy { $0.text == " " } }

  func prefix(_ limit: Int) -> String { pieces.prefix(max(0, limit)).map(\.text).joined() }

  mutating func append(_ bytes: some Sequence<UInt8>, _ style: StyledLine.Style = .plain) {
    let bytes = Array(bytes)
    byteCount += bytes.count
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var spaces = 0
    while true {
      let parsed = decoder.parseScalar(from: &iterator)
      if case .valid(let encoded) = parsed, UTF8.decode(encoded) == " " {
        spaces += 1
        continue
      }
      appendSpaces(spaces, style)
      spaces = 0
      switch parsed {
      case .valid(let encoded): append(UTF8.decode(encoded), style)
      case .error(let length):
        appendEscape("\(length) bad byte\(length == 1 ? "" : "s")", style)
      case .emptyInput: return
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, _ style: StyledLine.Style) {
    let width = VisibleText.width(scalar)
    if VisibleText.isMark(scalar) {
      marks += 1
      // On a character that is there: never on a mark of Cordon's, a space or a margin.
      if let last = pieces.last, last.isBase, marks <= VisibleText.markLimit,
        VisibleText.isPlain(scalar)
      {
        pieces[pieces.count - 1].text.unicodeScalars.append(scalar)
        pieces[pieces.count - 1].width += width
        return
      }
    } else {
      marks = 0
      if VisibleText.isPlain(scalar) {
        pieces.append(
          Piece(text: String(Character(scalar)), width: width, style: style, isBase: true))
        return
      }
    }
    let hex = String(scalar.value, radix: 16, uppercase: true)
    appendEscape("U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex, style)
  }

  private mutating func appendSpaces(_ count: Int, _ style: StyledLine.Style) {
    guard count > 0 else { return }
    marks = 0
    guard count <= VisibleText.spaceLimit else { return appendEscape("\(count) spaces", style) }
    pieces += Array(
      repeating: Piece(text: " ", width: 1, style: style, isBase: false), count: count)
  }

  private mutating func appendEscape(_ name: String, _ style: StyledLine.Style) {
    appendPiece(Rendering.open + name + Rendering.close, style)
  }

  /// A mark of Cordon's own, broken at spaces only.
  mutating func append(own mark: String, _ style: StyledLine.Style = .plain) {
    for (index, word) in mark.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { appendPiece(" ", style) }
      if !word.isEmpty { appendPiece(String(word), style) }
    }
  }

  private mutating func appendPiece(_ text: String, _ style: StyledLine.Style) {
    marks = 0
    pieces.append(
      Piece(text: text, width: text.unicodeScalars.count, style: style, isBase: false))
  }

  /// Lines of at most `width` columns, broken after a space where there is one.
  func wrapped(at width: Int) -> [StyledLine] {
    var lines: [StyledLine] = []
    var start = 0
    var columns = 0
    var breakAfter: Int?
    var index = 0
    while index < pieces.count {
      if columns + pieces[index].width > width, index > start {
        let next = breakAfter ?? index
        lines.append(line(start..<next))
        start = next
        columns = pieces[start..<index].reduce(0) { $0 + $1.width }
        breakAfter = nil
        continue
      }
      columns += pieces[index].width
      index += 1
      if pieces[index - 1].text == " " { breakAfter = index }
    }
    return lines + [line(start..<pieces.count)]
  }

  private func line(_ range: Range<Int>) -> StyledLine {
    var runs: [StyledLine.Run] = []
    var text = ""
    var style = StyledLine.Style.plain
    for piece in pieces[range] {
      if piece.style != style, !text.isEmpty {
        runs.append(.init(text, style))
        text = ""
      }
      style = piece.style
      text += piece.text
    }
    if !text.isEmpty { runs.append(.init(text, style)) }
    return StyledLine(runs)
  }
}
