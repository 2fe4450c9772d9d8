import Manifest

extension StyledLine {
  /// For a terminal. A colour repeats what a sign or a mark says already.
  func painted(_ coloured: Bool) -> String {
    guard coloured else { return text }
    return runs.map { run in
      run.style.code.map { "\u{1B}[\($0)m\(run.text)\u{1B}[0m" } ?? run.text
    }.joined()
  }
}

extension StyledLine.Style {
  /// Parameters of "select graphic rendition" (ECMA-48); nil for none.
  fileprivate var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .faint: "2"
    case .removed: "31"
    case .added: "32"
    case .removedWord: "1;31"
    case .addedWord: "1;32"
    case .warning, .folded: "1;33"
    }
  }
}
