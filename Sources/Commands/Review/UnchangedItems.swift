import JSON
import Manifest

/// What waits though neither text nor structure changed and no hint promises less: what can be
/// approved together.
struct UnchangedItems {
  enum Answer { case yes, no, ended }

  private let items: [WaitingItem]

  var pins: [Pin] { items.map(\.pin) }

  init(in record: ServerRecord) {
    items = WaitingItem.all(in: record).filter { UnchangedItems.isOne($0, in: record) }
  }

  static func isAny(in record: ServerRecord) -> Bool {
    record.pins.waiting.contains { pin in
      // Nothing new is unchanged.
      guard record[pin.key]?.approved != nil, let item = WaitingItem.one(pin.key, in: record)
      else { return false }
      return isOne(item, in: record)
    }
  }

  /// What a careful reader would mark has to be looked at by itself.
  private static func isOne(_ item: WaitingItem, in record: ServerRecord) -> Bool {
    guard let approved = item.approved, item.pin.key.kind != .launch,
      item.difference.isUnchangedInSubstance
    else { return false }
    let known = Set(
      Finding.all(kind: item.pin.key.kind, canonical: approved.canonical, in: record))
    return item.findings(in: record).allSatisfy(known.contains)
  }

  /// Names them all, with what changed in each, and asks once.
  func ask(_ dialogue: Dialogue, server: String) throws(CommandError) -> Answer {
    var view = Viewport()
    var message = ""
    while true {
      let size = dialogue.size()
      guard ReviewScreen.fits(size) else {
        if try SmallTerminal.wait(dialogue, size) == .end { return .ended }
        continue
      }
      let width = ReviewScreen.width(size.columns)
      let screen = ReviewScreen(
        title: "\(server): approve these \(items.count) together?",
        body: items.flatMap { ReviewText.brief($0, width: width) }, message: message,
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
