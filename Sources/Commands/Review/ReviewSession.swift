import JSON
import Manifest

/// One person's way through what waits. Each decision is stored before anything else is shown.
struct ReviewSession {
  private let dialogue: Dialogue
  private let context: CommandContext
  private let stores: [ServerStore]
  private var queue = ReviewQueue()
  private var log = ReviewLog()
  private var message = ""

  init(dialogue: Dialogue, context: CommandContext, stores: [ServerStore]) {
    self.dialogue = dialogue
    self.context = context
    self.stores = stores
  }

  /// Until nothing is left, or the person ends it.
  ///
  /// - Parameter name: the server that was asked for, nil for all.
  mutating func run(named name: String?) throws(CommandError) {
    guard try refill() else {
      dialogue.write(
        name.map { "nothing of \($0) waits for review\n" } ?? "nothing waits for review\n")
      return
    }
    dialogue.open()
    do throws(CommandError) {
      try goThrough()
    } catch {
      dialogue.close()
      throw error
    }
    dialogue.close()
    for store in stores { log.close(store.name, waiting: try store.load().waitingCount) }
    dialogue.write(log.text)
  }

  private mutating func goThrough() throws(CommandError) {
    while true {
      guard let entry = queue.current else {
        // What came to wait meanwhile; what was left alone is not asked again.
        guard try refill() else { return }
        continue
      }
      let record = try entry.store.load()
      guard let item = WaitingItem.one(entry.key, in: record) else {
        message = "an item was decided about elsewhere, or is no longer listed"
        queue.finish(entry.key, of: entry.store)
        queue.advance()
        continue
      }
      var review = ItemReview(
        dialogue: dialogue, text: ReviewText(server: entry.store.name, record: record, item: item),
        title: "\(entry.store.name): \(queue.position + 1) of \(queue.entries.count)",
        hasEarlier: queue.hasEarlier,
        mayHaveUnchanged: UnchangedItems.mayBeAny(in: record, beside: item))
      let answer = try review.ask(message)
      message = ""
      switch answer {
      case .quit: return
      case .next: queue.advance()
      case .back: queue.goBack()
      case .unchanged:
        guard try approveUnchanged(entry.store, record) else { return }
      case .decided(let decision): try decide(decision, [item.pin], entry.store)
      }
    }
  }

  /// - Returns: whether anything waits that is not in the queue.
  private mutating func refill() throws(CommandError) -> Bool {
    var isAny = false
    for store in stores {
      for pin in try store.load().pins.waiting where queue.add(pin.key, of: store) { isAny = true }
    }
    return isAny && queue.current != nil
  }

  /// - Returns: false where the person ended the review.
  private mutating func approveUnchanged(
    _ store: ServerStore, _ record: ServerRecord
  ) throws(CommandError) -> Bool {
    let items = UnchangedItems(in: record)
    guard !items.pins.isEmpty else {
      message = "nothing can be approved together: see each by itself"
      return true
    }
    switch try items.ask(dialogue, server: store.name) {
    case .ended: return false
    case .no: message = "left as they are"
    case .yes: try decide(.approve, items.pins, store)
    }
    return true
  }

  /// All of them or none.
  private mutating func decide(
    _ decision: Decision, _ pins: [Pin], _ store: ServerStore
  ) throws(CommandError) {
    let origin = DecisionOrigin.person(by: "review")
    var audit = try DecisionAudit(server: store.name, context)
    var decided = Decided()
    do throws(CommandError) {
      try store.update { (record) throws(DecisionError) in
        decided = Decided()
        for pin in pins {
          let outcome = try decision.apply(to: pin, in: &record, by: origin)
          decided.entries.append(.init(pin: pin, isChange: outcome.isChange))
          decided.dropped += outcome.dropped
        }
      }
    } catch {
      guard error.exitCode == .refused else { throw error }
      // The server, or somebody else, was faster: nothing was decided, and the item is shown anew.
      message = "not \(decision.past): it changed while you read it; this is what waits now"
      return
    }
    try audit.record(decision, decided, by: origin)
    let notes = DecisionReport.notes(decision, decided, server: store.name)
    log.add(decision, decided, notes, server: store.name)
    message = pins.count == 1 ? "\(decision.past)" : "\(pins.count) items \(decision.past)"
    for pin in pins { queue.finish(pin.key, of: store) }
    if queue.current?.isDone == true { queue.advance() }
  }
}
