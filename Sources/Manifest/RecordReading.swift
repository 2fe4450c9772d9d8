import Digest
import JSON

/// Why a file is not a record of this server.
enum RecordError: Error, Equatable {
  case damaged(String)
  case tooNew(Int64)
}

extension RecordFormat {
  /// Bodies can double in size by being written as strings.
  static let fileLimit = 2 * ServerRecord.sizeLimit + (16 << 20)

  /// Reads strictly: an unknown, missing or ill-typed member is damage, and so is a content that
  /// does not have its digest.
  static func read(_ bytes: [UInt8], server: String) throws(RecordError) -> ServerRecord {
    let root: JSONNode
    do {
      root = try JSONReader.parse(bytes, limits: JSONLimits(size: fileLimit))
    } catch {
      let position = error.position(in: bytes)
      throw .damaged("\(error) at line \(position.line), column \(position.column)")
    }
    // Before anything else is expected of it: another schema may look otherwise.
    if let found = root["schema"]?.int64, found > schema { throw .tooNew(found) }
    var members = try Members(root, "the file")
    guard try members.int("schema") == schema else { throw .damaged("no known schema") }
    guard try members.text("server") == JSONString(server) else {
      throw .damaged("it is another server's")
    }
    var record = ServerRecord()
    record.lineage = try members.digestOrNull("lineage").map { Lineage(digest: $0) }
    record.isClaimed = try members.bool("claimed")
    record.isAfterDamage = try members.bool("afterDamage")
    record.baselined = try kinds(members.array("baselined"))
    record.observed = try kinds(members.array("observed"))
    for node in try members.array("items") {
      let item = try item(node)
      guard record.items.updateValue(item, forKey: item.key) == nil else {
        throw .damaged("an item occurs twice")
      }
    }
    for node in try members.array("reported") {
      var entry = try Members(node, "a reported item")
      let key = try entry.itemKey()
      record.reported[key] = try entry.digest("digest")
      try entry.end()
    }
    for node in try members.array("history") { record.history.append(try entry(node)) }
    try members.end()
    return record
  }

  private static func kinds(_ nodes: [JSONNode]) throws(RecordError) -> Set<ItemKind> {
    var kinds: Set<ItemKind> = []
    for node in nodes {
      guard let word = node.string, let kind = ItemKind(word: word) else {
        throw .damaged("an unknown kind")
      }
      kinds.insert(kind)
    }
    return kinds
  }

  private static func item(_ node: JSONNode) throws(RecordError) -> ItemRecord {
    var members = try Members(node, "an item")
    let key = try members.itemKey()
    var record = ItemRecord(key)
    record.offered = try members.digestOrNull("offered")
    record.isAmbiguous = try members.bool("ambiguous")
    record.approved = try version(members.take("approved"), key.kind)
    record.waiting = try version(members.take("waiting"), key.kind)
    for node in try members.array("rejected") {
      guard let version = try version(node, key.kind) else {
        throw .damaged("an item has an empty rejection")
      }
      record.rejected.append(version)
    }
    try members.end()
    return record
  }

  private static func version(_ node: JSONNode, _ kind: ItemKind) throws(RecordError) -> Version? {
    if node.isNull { return nil }
    var members = try Members(node, "a version")
    let digest = try members.digest("digest")
    let since = try members.text("since").string
    let lineage = try members.digestOrNull("lineage").map { Lineage(digest: $0) }
    let canonical = try members.text("body").utf8
    try members.end()
    guard Item.digest(kind: kind, canonical: canonical) == digest else {
      throw .damaged("a body does not have the digest \(digest)")
    }
    return Version(digest: digest, canonical: canonical, since: since, lineage: lineage)
  }

  private static func entry(_ node: JSONNode) throws(RecordError) -> HistoryEntry {
    var members = try Members(node, "a history entry")
    let word = try members.text("action")
    guard
      let action = HistoryEntry.Action.allCases.first(where: { JSONString($0.rawValue) == word })
    else { throw .damaged("an unknown action in the history") }
    let origin = DecisionOrigin(
      who: try members.text("who").string, how: try members.text("how").string,
      at: try members.text("at").string)
    let key = members.has("kind") ? try members.itemKey() : nil
    let digest = members.has("digest") ? try members.digest("digest") : nil
    let from = members.has("from") ? try members.digest("from") : nil
    let count = members.has("count") ? Int(try members.int("count")) : nil
    try members.end()
    return HistoryEntry(action, origin, key: key, digest: digest, from: from, count: count)
  }
}
