import Manifest

/// The question about one item.
struct ItemReview {
  enum Answer: Equatable {
    case decided(Decision)
    case next, back, quit
    /// To approve everything that is unchanged in substance.
    case unchanged
  }

  let dialogue: Dialogue
  let text: ReviewText
  let title: String
  let hasEarlier: Bool
  /// Whether the key for it is named.
  let mayHaveUnchanged: Bool

  private var view = Viewport()
  private var shown: (width: Int, lines: [StyledLine])?
  /// Whether the person has had the item whole in front of them, to its end.
  private var sawWhole = false
  /// Whether they were told that parts are folded, and asked to confirm.
  private var isWarned = false

  init(
    dialogue: Dialogue, text: ReviewText, title: String, hasEarlier: Bool, mayHaveUnchanged: Bool
  ) {
    self.dialogue = dialogue
    self.text = text
    self.title = title
    self.hasEarlier = hasEarlier
    self.mayHaveUnchanged = mayHaveUnchanged
  }

  /// Until there is an answer. What has not been on the screen to its end can't be approved; where
  /// parts are folded, approving takes a second key after that was said.
  mutating func ask(_ first: String) throws(CommandError) -> Answer {
    var message = first
    while true {
      let size = dialogue.size()
      guard ReviewScreen.fits(size) else {
        if try SmallTerminal.wait(dialogue, size) == .end { return .quit }
        continue
      }
      let screen = screen(size, message)
      view.fit(count: screen.body.count, height: screen.height)
      dialogue.show(screen, view)
      let key = try dialogue.readKey()
      if key == .resized { continue }
      message = ""
      if view.move(key, count: screen.body.count, height: screen.height) { continue }
      switch key {
      case .end, .character(UInt8(ascii: "q")): return .quit
      case .right, .character(UInt8(ascii: "s")), .character(UInt8(ascii: "n")): return .next
      case .left, .character(UInt8(ascii: "p")):
        if hasEarlier { return .back }
        message = "this is the first"
      case .character(UInt8(ascii: "r")): return .decided(.reject)
      case .character(UInt8(ascii: "a")):
        guard let objection = objection(screen.body) else { return .decided(.approve) }
        message = objection
      case .character(UInt8(ascii: "u")): return .unchanged
      case .character(UInt8(ascii: "o")), .character(UInt8(ascii: "\n")),
        .character(UInt8(ascii: "\r")):
        let whole = text
        let pager = Pager(dialogue: dialogue, title: title + ", whole") { whole.whole(width: $0) }
        if try pager.run(reachedEnd: &sawWhole) == .ended { return .quit }
      case .character(UInt8(ascii: "?")):
        var ignored = false
        let pager = Pager(dialogue: dialogue, title: "keys") { _ in ReviewHelp.lines }
        if try pager.run(reachedEnd: &ignored) == .ended { return .quit }
      default: message = "no such key here; ? shows them all"
      }
    }
  }

  /// Why it can't be approved yet; nil where it can.
  private mutating func objection(_ body: [StyledLine]) -> String? {
    if sawWhole { return nil }
    guard view.reachedEnd else { return "there is more to see: press space" }
    guard body.contains(where: \.isFold), !isWarned else { return nil }
    isWarned = true
    return "parts are folded: o shows them; a once more approves them unread"
  }

  private mutating func screen(
    _ size: (columns: Int, rows: Int), _ message: String
  ) -> ReviewScreen {
    let width = ReviewScreen.width(size.columns)
    if shown?.width != width { shown = (width, text.lines(width: width)) }
    var keys = ["a approve", "r reject", "s skip"]
    if hasEarlier { keys.append("p back") }
    keys.append("o open")
    if mayHaveUnchanged { keys.append("u unchanged") }
    return ReviewScreen(
      title: title, body: shown?.lines ?? [], message: message,
      keys: keys + ["? help", "q quit"], columns: size.columns, rows: size.rows)
  }
}
