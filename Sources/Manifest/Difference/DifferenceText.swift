import JSON

extension Difference {
  /// Lines of one class beyond which its fields are only counted, where long text folds.
  private static let classLimit = 120

  /// Lines to show a person, without colour. All of the server's text is made visible and kept
  /// behind a margin of two columns or a sign; `⟦ ⟧` mark the words that changed, and cannot come
  /// from a server.
  public func lines(width: Int = 96) -> [String] {
    lines(width: width, folding: .unchanged).map(\.text)
  }

  /// The same with styles.
  public func lines(width: Int, folding: Folding) -> [StyledLine] {
    var lines: [StyledLine] = []
    for fieldClass in Class.allCases {
      let found = entries.filter { $0.fieldClass == fieldClass }
      guard !found.isEmpty else { continue }
      lines.append(StyledLine(fieldClass.title, .heading))
      var count = 0
      for (index, entry) in found.enumerated() {
        if folding == .long, count >= Difference.classLimit {
          let left = found.count - index
          let fields = left == 1 ? "1 more field" : "\(left) more fields"
          lines += Folding.mark("\(fields) of this class folded", width: width - 2).map {
            $0.behind("  ")
          }
          break
        }
        let shown = entry.lines(subject: kind.rawValue, width: width, folding: folding)
        count += shown.count
        lines += shown
      }
    }
    return lines
  }
}

extension Difference.Class {
  public var title: String {
    switch self {
    case .modelText: "text that the model reads"
    case .structure: "structure"
    case .hints: "hints"
    case .appearance: "appearance"
    }
  }
}

extension Difference.Entry {
  /// Words of unchanged text that are shown on each side of a change.
  private static let contextWords = 24

  private typealias Side = (sign: String, line: StyledLine.Style, word: StyledLine.Style)
  private static let old: Side = ("- ", .removed, .removedWord)
  private static let new: Side = ("+ ", .added, .addedWord)

  fileprivate func lines(subject: String, width: Int, folding: Folding) -> [StyledLine] {
    // A key with a line feed in it must not look like two.
    var field = path.steps.isEmpty ? [Rendering.Piece.own(subject)] : path.pieces
    if let note { field.append(.own("  (\(note))", isWeakening ? .warning : .faint)) }
    // No line but the first begins where a field does, and none where a value does.
    var lines = Rendering.wrapped(field, width: width - 4).enumerated().map {
      $0 == 0 ? $1.behind("  ") : $1.behind("  : ", .faint)
    }
    let inner = width - 6
    switch change {
    case .added(let value): lines += shown(value, Self.new, inner, folding)
    case .removed(let value): lines += shown(value, Self.old, inner, folding)
    case .changed(let from, let to):
      if isProse && !words.isEmpty {
        lines += marked(.removed, Self.old, inner, folding)
        lines += marked(.added, Self.new, inner, folding)
      } else {
        lines += shown(from, Self.old, inner, folding)
        lines += shown(to, Self.new, inner, folding)
      }
    }
    return lines
  }

  /// Prose is shown as text; anything else as JSON, where `"null"` is not `null`.
  private var isProse: Bool {
    guard fieldClass == .modelText else { return false }
    switch change {
    case .added(let value), .removed(let value): return value.text != nil
    case .changed(let from, let to): return from.text != nil && to.text != nil
    }
  }

  private func shown(
    _ value: Difference.Value, _ side: Side, _ width: Int, _ folding: Folding
  ) -> [StyledLine] {
    let bytes = (isProse ? value.text?.utf8 : nil) ?? value.canonical
    let lines = Rendering.lines([.server(bytes[...], side.line)], width: width)
    return Self.signed(folding.applied(to: lines, bytes: bytes.count, width: width), side)
  }

  /// One side of a changed string.
  private func marked(
    _ kind: WordRun.Kind, _ side: Side, _ width: Int, _ folding: Folding
  ) -> [StyledLine] {
    var pieces: [Rendering.Piece] = []
    var bytes = 0
    for (index, run) in words.enumerated() where run.kind == kind || run.kind == .same {
      bytes += run.text.utf8.count
      if run.kind == kind {
        pieces += [
          .own("⟦", side.word), .server(run.text.utf8[...], side.word), .own("⟧", side.word),
        ]
      } else if folding == .nothing {
        pieces.append(.server(run.text.utf8[...], side.line))
      } else {
        pieces += shortened(run, side, isFirst: index == 0, isLast: index == words.count - 1)
      }
    }
    let lines = Rendering.lines(pieces, width: width)
    return Self.signed(folding.applied(to: lines, bytes: bytes, width: width), side)
  }

  /// Each line of a value has its sign: none can be taken for another's, or for Cordon's.
  private static func signed(_ lines: [StyledLine], _ side: Side) -> [StyledLine] {
    lines.map { $0.behind("    " + side.sign, side.line) }
  }

  /// Leaves out the middle of long unchanged text.
  private func shortened(
    _ run: WordRun, _ side: Side, isFirst: Bool, isLast: Bool
  ) -> [Rendering.Piece] {
    let all = Words.split(run.text.utf8)
    let head = isFirst ? 0 : Self.contextWords
    let tail = isLast ? 0 : Self.contextWords
    guard all.count > head + tail + 16 else { return [.server(run.text.utf8[...], side.line)] }
    let left = all[head..<(all.count - tail)].reduce(0) { $0 + $1.count }
    return [
      .server(ArraySlice(all[..<head].joined()), side.line),
      .own("‹\(left) bytes unchanged›", .faint),
      .server(ArraySlice(all[(all.count - tail)...].joined()), side.line),
    ]
  }
}
