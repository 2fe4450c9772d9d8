import JSON

/// A waiting content, and what it is to be compared with.
public struct WaitingItem: Equatable, Sendable {
  public let pin: Pin
  public let version: Version
  /// The content that is approved under the same name.
  public let approved: Version?
  /// The item, no longer listed, that this one looks like under a new name.
  public let renamed: ItemKey?
  /// Field by field: from the approved content, from the renamed item's, or from nothing.
  public let difference: Difference

  /// All that waits in a record, in its order.
  public static func all(in record: ServerRecord) -> [WaitingItem] {
    let waiting = record.waiting
    let renames = waiting.isEmpty ? [] : record.renames
    return waiting.compactMap { item in
      item.waiting.map { WaitingItem(item, $0, renames, in: record) }
    }
  }

  /// The item with this key, nil where nothing waits for it.
  public static func one(_ key: ItemKey, in record: ServerRecord) -> WaitingItem? {
    guard let item = record[key], let version = item.waiting else { return nil }
    // Only what is new can be an earlier item under another name.
    return WaitingItem(item, version, item.approved == nil ? record.renames : [], in: record)
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
  public var change: String {
    if approved != nil { return "changed" }
    return renamed == nil ? "new" : "renamed"
  }
}

extension ServerRecord {
  /// What is approved and was not in the last listing of its kind.
  public var removed: [Pin] {
    sorted.compactMap { item in
      guard item.key.kind != .launch, item.offered == nil, !item.isAmbiguous,
        observed.contains(item.key.kind)
      else { return nil }
      return item.approved.map { Pin(item.key, $0.digest) }
    }
  }
}
