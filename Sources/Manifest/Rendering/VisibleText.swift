/// Text under construction of which every part can be seen.
struct VisibleText {
  /// One shown character, or one escape, which is never broken up.
  private var pieces: [String] = []
  private var widths: [Int] = []
  private var marks = 0
  private(set) var byteCount = 0

  var count: Int { pieces.count }
  var string: String { pieces.joined() }

  func prefix(_ limit: Int) -> String { pieces.prefix(max(0, limit)).joined() }

  mutating func append(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    byteCount += bytes.count
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let encoded): append(UTF8.decode(encoded))
      case .error(let length): append(escape: "\(length) bad byte\(length == 1 ? "" : "s")")
      case .emptyInput: return
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    // A terminal draws combining marks over what is around them; a language needs few at a time.
    marks = VisibleText.isMark(scalar) ? marks + 1 : 0
    let isStray = marks > 0 && pieces.isEmpty
    if VisibleText.isPlain(scalar) && marks <= 3 && !isStray {
      pieces.append(String(Character(scalar)))
      widths.append(VisibleText.width(scalar))
    } else {
      let hex = String(scalar.value, radix: 16, uppercase: true)
      append(escape: "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex)
    }
  }

  private mutating func append(escape: String) {
    let count = marks
    append(own: Rendering.open + escape + Rendering.close)
    marks = count
  }

  /// A mark of Cordon's own, never broken up.
  mutating func append(own mark: String) {
    marks = 0
    pieces.append(mark)
    widths.append(mark.unicodeScalars.count)
  }

  /// Lines of at most `width` columns, broken after a space where there is one.
  func wrapped(at width: Int) -> [String] {
    var lines: [String] = []
    var start = 0
    var columns = 0
    var breakAfter: Int?
    var index = 0
    while index < pieces.count {
      if columns + widths[index] > width, index > start {
        let next = breakAfter ?? index
        lines.append(pieces[start..<next].joined())
        start = next
        columns = widths[start..<index].reduce(0, +)
        breakAfter = nil
        continue
      }
      columns += widths[index]
      index += 1
      if pieces[index - 1] == " " { breakAfter = index }
    }
    return lines + [pieces[start...].joined()]
  }
}
