import JSON

extension Difference {
  /// Lines to show a person, without colour. All of the server's text is made visible and kept
  /// behind a margin; `⟦ ⟧` mark the words that changed, and cannot come from a server.
  public func lines(width: Int = 96) -> [String] {
    var lines: [String] = []
    var current: Class?
    for entry in entries {
      if entry.fieldClass != current {
        lines.append(entry.fieldClass.title)
        current = entry.fieldClass
      }
      lines += entry.lines(subject: kind.rawValue, width: width)
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

  fileprivate func lines(subject: String, width: Int) -> [String] {
    // A key with a line feed in it must not look like two.
    let field = path.steps.isEmpty ? [.own(subject)] : path.pieces
    let note = note.map { "  (\($0))".split(separator: " ", omittingEmptySubsequences: false) }
    let meaning = (note ?? []).flatMap { [Rendering.Piece.own(String($0)), .own(" ")] }.dropLast()
    var lines = Rendering.wrapped(field + meaning, width: width - 4).enumerated().map {
      ($0 == 0 ? "  " : "    ") + $1
    }
    func add(_ sign: String, _ text: [String]) {
      for (index, line) in text.enumerated() {
        lines.append("    \(index == 0 ? sign : " ") \(line)")
      }
    }
    let inner = width - 6
    switch change {
    case .added(let value): add("+", shown(value, width: inner))
    case .removed(let value): add("-", shown(value, width: inner))
    case .changed(let from, let to):
      if isProse && !words.isEmpty {
        add("-", marked(.removed, width: inner))
        add("+", marked(.added, width: inner))
      } else {
        add("-", shown(from, width: inner))
        add("+", shown(to, width: inner))
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

  private func shown(_ value: Difference.Value, width: Int) -> [String] {
    let text = isProse ? value.text?.utf8 : nil
    return Rendering.lines(text ?? value.canonical, width: width)
  }

  /// One side of a changed string.
  private func marked(_ side: WordRun.Kind, width: Int) -> [String] {
    var pieces: [Rendering.Piece] = []
    for (index, run) in words.enumerated() {
      if run.kind == side {
        pieces += [.own("⟦"), .server(run.text.utf8[...]), .own("⟧")]
      } else if run.kind == .same {
        pieces += shortened(run, isFirst: index == 0, isLast: index == words.count - 1)
      }
    }
    return Rendering.lines(pieces, width: width)
  }

  /// Leaves out the middle of long unchanged text.
  private func shortened(_ run: WordRun, isFirst: Bool, isLast: Bool) -> [Rendering.Piece] {
    let all = Words.split(run.text.utf8)
    let head = isFirst ? 0 : Self.contextWords
    let tail = isLast ? 0 : Self.contextWords
    guard all.count > head + tail + 16 else { return [.server(run.text.utf8[...])] }
    let left = all[head..<(all.count - tail)].reduce(0) { $0 + $1.count }
    return [
      .server(ArraySlice(all[..<head].joined())),
      .own("‹\(left) bytes unchanged›"),
      .server(ArraySlice(all[(all.count - tail)...].joined())),
    ]
  }
}
