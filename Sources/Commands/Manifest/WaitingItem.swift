import JSON
import Manifest

/// A waiting content, and what it is to be compared with.
struct WaitingItem {
  let pin: Pin
  let version: Version
  /// The content that is approved under the same name.
  let approved: Version?
  /// The item, no longer listed, that this one looks like under a new name.
  let renamed: ItemKey?
  /// Field by field: from the approved content, from the renamed item's, or from nothing.
  let difference: Difference

  /// All that waits in a record, in its order.
  static func all(in record: ServerRecord) -> [WaitingItem] {
    let renames = record.renames
    var items: [WaitingItem] = []
    for item in record.waiting {
      guard let version = item.waiting else { continue }
      items.append(WaitingItem(item, version, renames, in: record))
    }
    return items
  }

  /// The first that waits and is none of `skipped`; nil where there is none.
  static func next(in record: ServerRecord, skipping skipped: Set<Pin>) -> WaitingItem? {
    for item in record.waiting {
      guard let version = item.waiting, !skipped.contains(Pin(item.key, version.digest))
      else { continue }
      // Only what is new can be an earlier item under another name.
      let renames = item.approved == nil ? record.renames : []
      return WaitingItem(item, version, renames, in: record)
    }
    return nil
  }

  private init(
    _ item: ItemRecord, _ version: Version, _ renames: [Rename], in record: ServerRecord
  ) {
    let rename = item.approved == nil ? renames.first { $0.to == item.key } : nil
    let earlier = item.approved ?? rename.flatMap { record[$0.from]?.approved }
    pin = Pin(item.key, version.digest)
    self.version = version
    approved = item.approved
    renamed = rename?.from
    do throws(JSONError) {
      difference = try Difference(
        kind: item.key.kind, from: earlier?.canonical, to: version.canonical)
    } catch {
      difference = Difference(kind: item.key.kind, unreadable: version.canonical)
    }
  }

  /// `new`, `changed` or `renamed`.
  var change: String {
    if approved != nil { return "changed" }
    return renamed == nil ? "new" : "renamed"
  }
}

extension ServerRecord {
  /// What is approved and was not in the last listing of its kind.
  var removed: [Pin] {
    sorted.compactMap { item in
      guard item.key.kind != .launch, item.offered == nil, !item.isAmbiguous,
        observed.contains(item.key.kind)
      else { return nil }
      return item.approved.map { Pin(item.key, $0.digest) }
    }
  }
}
