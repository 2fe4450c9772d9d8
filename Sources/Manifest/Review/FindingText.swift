import JSON

/// What a careful reader would mark, for a person.
enum FindingText {
  /// - Parameter known: those of the approved content: they are counted only.
  static func lines(_ findings: [Finding], except known: [Finding], width: Int) -> [StyledLine] {
    guard !findings.isEmpty else { return [] }
    let known = Set(known)
    let new = findings.filter { !known.contains($0) }
    var lines = [StyledLine("  worth a look", .warning)]
    for finding in new {
      // The path is the server's words, and what is said of it may quote it.
      let place: [Rendering.Piece] =
        finding.path.steps.isEmpty ? [] : finding.path.pieces + [.own(": ")]
      let sentence = place + [.server(Array(finding.sentence.utf8)[...], .warning)]
      lines += Rendering.wrapped(sentence, width: width - 4).map { $0.behind("  ! ", .warning) }
      guard !finding.excerpt.isEmpty else { continue }
      lines += Rendering.wrapped([.server(finding.excerpt[...])], width: width - 8).map {
        $0.behind("  !   > ", .warning)
      }
    }
    let old = findings.count - new.count
    if old > 0 {
      let words = old == 1 ? "one more, which is" : "\(old) more, which are"
      lines += Rendering.wrapped(
        [.own("\(words) in the approved content too", .faint)], width: width - 4
      ).map { $0.behind("  ! ", .faint) }
    }
    return lines + [StyledLine()]
  }
}
