import JSON
import Manifest

/// What waits though neither text nor structure changed and no hint promises less: what can be
/// approved together.
struct UnchangedItems {
  enum Answer { case yes, no, ended }

  private let items: [WaitingItem]

  var pins: [Pin] { items.map(\.pin) }

  init(in record: ServerRecord) {
    let names = NeighbourNames(record)
    items = WaitingItem.all(in: record).filter { UnchangedItems.isOne($0, beside: names) }
  }

  /// Whether it is worth a look: which they are takes a comparison of all that waits.
  static func mayBeAny(in record: ServerRecord, beside item: WaitingItem) -> Bool {
    // Nothing new is unchanged.
    record.waiting.contains { $0.approved != nil && $0.key != item.pin.key }
  }

  /// What a careful reader would mark has to be looked at by itself, and so has what is too long
  /// to be read among others.
  private static func isOne(_ item: WaitingItem, beside names: NeighbourNames) -> Bool {
    guard item.approved != nil, item.pin.key.kind != .launch,
      item.difference.isUnchangedInSubstance, !ReviewText.isLong(item)
    else { return false }
    let known = Set(item.knownFindings(beside: names))
    return item.findings(beside: names).allSatisfy(known.contains)
  }

  /// Names them all, with what changed in each, and asks once.
  func ask(_ dialogue: Dialogue, server: String) throws(CommandError) -> Answer {
    var view = Viewport()
    var message = ""
    var shown: (width: Int, lines: [StyledLine])?
    while true {
      let size = dialogue.size()
      guard ReviewScreen.fits(size) else {
        if try SmallTerminal.wait(dialogue, size) == .end { return .ended }
        continue
      }
      let width = ReviewScreen.width(size.columns)
      if shown?.width != width {
        shown = (width, items.flatMap { ReviewText.brief($0, width: width) })
      }
      let screen = ReviewScreen(
        title: "\(server): approve these \(items.count) together?",
        body: shown?.lines ?? [], message: message,
        keys: ["y approve all of these", "any other key: no"], columns: size.columns,
        rows: size.rows)
      view.fit(count: screen.body.count, height: screen.height)
      dialogue.show(screen, view)
      let key = try dialogue.readKey()
      if key == .resized || view.move(key, count: screen.body.count, height: screen.height) {
        message = ""
        continue
      }
      switch key {
      case .end: return .ended
      case .character(UInt8(ascii: "y")) where view.reachedEnd: return .yes
      case .character(UInt8(ascii: "y")): message = "there is more to see: press space"
      default: return .no
      }
    }
  }
}
