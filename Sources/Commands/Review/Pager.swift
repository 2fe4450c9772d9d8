import Manifest

/// A text of any length on the screen, with nothing to decide.
struct Pager {
  let dialogue: Dialogue
  let title: String
  let text: (_ width: Int) -> [StyledLine]

  enum End { case closed, ended }

  /// Until the person closes it.
  ///
  /// - Parameter reachedEnd: set where the last line was on the screen.
  func run(reachedEnd: inout Bool) throws(CommandError) -> End {
    var view = Viewport()
    var shown: (width: Int, lines: [StyledLine])?
    while true {
      let size = dialogue.size()
      guard ReviewScreen.fits(size) else {
        if try SmallTerminal.wait(dialogue, size) == .end { return .ended }
        continue
      }
      let width = ReviewScreen.width(size.columns)
      if shown?.width != width { shown = (width, text(width)) }
      let screen = ReviewScreen(
        title: title, body: shown?.lines ?? [], message: "",
        keys: ["space/b page", "j/k line", "g/G ends", "q back"], columns: size.columns,
        rows: size.rows)
      view.fit(count: screen.body.count, height: screen.height)
      reachedEnd = reachedEnd || view.reachedEnd
      dialogue.show(screen, view)
      let key = try dialogue.readKey()
      if view.move(key, count: screen.body.count, height: screen.height) { continue }
      switch key {
      case .end: return .ended
      case .escape, .left, .character(UInt8(ascii: "q")), .character(UInt8(ascii: "o")),
        .character(UInt8(ascii: "\n")), .character(UInt8(ascii: "\r")):
        return .closed
      default: continue
      }
    }
  }
}

/// What stands on a terminal that is too small for anything else.
enum SmallTerminal {
  static func wait(
    _ dialogue: Dialogue, _ size: (columns: Int, rows: Int)
  ) throws(CommandError) -> Dialogue.Key {
    let text =
      "too small: \(ReviewScreen.narrowest)x\(ReviewScreen.lowest) at least; q quits"
    dialogue.write(dialogue.canDraw ? "\u{1B}[H\u{1B}[2J" + text : text + "\n")
    let key = try dialogue.readKey()
    return key == .character(UInt8(ascii: "q")) ? .end : key
  }
}
