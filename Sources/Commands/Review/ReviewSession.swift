import JSON
import Manifest

/// One person's way through what waits.
struct ReviewSession {
  enum End { case done, quit }
  private enum Answer { case decided(Decision), skip, quit }

  private let dialogue: Dialogue
  private let context: CommandContext
  private var seen = 0

  init(dialogue: Dialogue, context: CommandContext) {
    self.dialogue = dialogue
    self.context = context
  }

  /// Shows one server's waiting items until none is left or the person ends it. Each decision is
  /// stored before the next item is shown.
  mutating func review(_ store: ServerStore) throws(CommandError) -> End {
    var skipped: Set<Pin> = []
    var counts: [Decision: Int] = [:]
    var position = 0
    while true {
      let record = try store.load()
      guard
        let item = record.pins.waiting.first(where: { !skipped.contains($0) }).flatMap({
          WaitingItem.one($0.key, in: record)
        })
      else { break }
      position += 1
      seen += 1
      let screen = ReviewScreen(
        server: store.name, record: record, item: item, position: position,
        total: position - 1 + left(record, skipped), columns: dialogue.columns,
        coloured: dialogue.coloured)
      switch try ask(screen) {
      case .quit:
        tell(store.name, counts, left: record.waitingCount)
        return .quit
      case .skip:
        skipped.insert(item.pin)
      case .decided(let decision):
        if try decide(decision, item.pin, store) { counts[decision, default: 0] += 1 }
      }
    }
    if position > 0 { tell(store.name, counts, left: skipped.count) }
    return .done
  }

  /// How many items this person has yet to be shown.
  private func left(_ record: ServerRecord, _ skipped: Set<Pin>) -> Int {
    record.pins.waiting.reduce(0) { $0 + (skipped.contains($1) ? 0 : 1) }
  }

  /// - Parameter name: the server that was asked for, nil for all.
  func finish(named name: String?) {
    guard seen == 0 else { return }
    dialogue.write(
      name.map { "nothing of \($0) waits for review\n" } ?? "nothing waits for review\n")
  }

  private func decide(
    _ decision: Decision, _ pin: Pin, _ store: ServerStore
  ) throws(CommandError) -> Bool {
    let origin = DecisionOrigin.person(by: "review")
    var audit = try DecisionAudit(server: store.name, context)
    var decided = Decided()
    do throws(CommandError) {
      let outcome = try store.update { (record) throws(DecisionError) in
        try decision.apply(to: pin, in: &record, by: origin)
      }
      decided.entries = [.init(pin: pin, isChange: outcome.isChange)]
      decided.dropped = outcome.dropped
    } catch {
      guard error.exitCode == .refused else { throw error }
      // The server, or somebody else, was faster: nothing was decided, and the item is shown anew.
      dialogue.write("not \(decision.past): \(Printable.text(error.message))\n\n")
      return false
    }
    dialogue.write("\(decision.past)\n")
    for note in DecisionReport.notes(decision, decided, server: store.name) {
      dialogue.write("\(note)\n")
    }
    dialogue.write("\n")
    try audit.record(decision, decided, by: origin)
    return true
  }

  /// Shows the screen page by page; what has not been shown to its end can't be approved.
  private func ask(_ screen: ReviewScreen) throws(CommandError) -> Answer {
    let lines = screen.lines
    let height = max(dialogue.rows - 2, 8)
    var shown = 0
    while lines.count - shown > height {
      write(lines[shown..<(shown + height)])
      shown += height
      let question = "line \(shown) of \(lines.count): [space] more, [r]eject, [s]kip, [q]uit? "
      switch try choose(question, from: " \nrsq", unknown: "there is more to see: press space") {
      case UInt8(ascii: "r"): return .decided(.reject)
      case UInt8(ascii: "s"): return skip()
      case UInt8(ascii: "q"), nil: return quit()
      default: dialogue.write("\n")
      }
    }
    write(lines[shown...])
    let question = "[a]pprove, [r]eject, [s]kip, [q]uit? "
    switch try choose(question, from: "arsq", unknown: "press a, r, s or q") {
    case UInt8(ascii: "a"): return .decided(.approve)
    case UInt8(ascii: "r"): return .decided(.reject)
    case UInt8(ascii: "s"): return skip()
    default: return quit()
    }
  }

  private func skip() -> Answer {
    dialogue.write("left waiting\n\n")
    return .skip
  }

  private func quit() -> Answer {
    dialogue.write("\n")
    return .quit
  }

  /// One of the given keys; nil at the end of the input.
  private func choose(
    _ question: String, from keys: String, unknown: String
  ) throws(CommandError) -> UInt8? {
    while true {
      dialogue.write(question)
      switch try dialogue.readKey() {
      case .end: return nil
      case .character(let key) where keys.utf8.contains(key): return key
      case .character, .sequence: dialogue.write("\n\(unknown)\n")
      }
    }
  }

  private func write(_ lines: ArraySlice<String>) {
    dialogue.write(lines.map { $0 + "\n" }.joined())
  }

  private func tell(_ server: String, _ counts: [Decision: Int], left: Int) {
    dialogue.write(
      "\(server): \(counts[.approve, default: 0]) approved, "
        + "\(counts[.reject, default: 0]) rejected, \(left) still waiting\n")
  }
}
