import Digest
import JSON

/// The file of one server's record.
enum RecordFormat {
  static let schema: Int64 = 1

  static func write(_ record: ServerRecord, server: String) -> [UInt8] {
    var writer = JSONWriter(pretty: true)
    writer.object { file in
      file.member("schema") { $0.int(schema) }
      file.member("server") { $0.string(server) }
      file.member("lineage") { $0.optional(record.lineage?.digest) }
      file.member("claimed") { $0.bool(record.isClaimed) }
      file.member("afterDamage") { $0.bool(record.isAfterDamage) }
      file.member("baselined") { $0.kinds(record.baselined) }
      file.member("observed") { $0.kinds(record.observed) }
      file.member("items") { items in
        items.array { list in for item in record.sorted { list.item(item) } }
      }
      file.member("reported") { reported in
        reported.array { list in
          for entry in record.reported.sorted(by: { $0.key < $1.key }) {
            list.object { members in
              members.key(of: entry.key)
              members.member("digest") { $0.digest(entry.value) }
            }
          }
        }
      }
      file.member("history") { history in
        history.array { list in for entry in record.history { list.entry(entry) } }
      }
    }
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func digest(_ digest: Digest) { string(digest.hex) }

  fileprivate mutating func optional(_ digest: Digest?) {
    if let digest { string(digest.hex) } else { null() }
  }

  fileprivate mutating func kinds(_ kinds: Set<ItemKind>) {
    array { list in for kind in kinds.sorted() { list.string(kind.word) } }
  }

  fileprivate mutating func key(of key: ItemKey) {
    member("kind") { $0.string(key.kind.word) }
    member("name") { $0.string(key.name) }
  }

  fileprivate mutating func item(_ record: ItemRecord) {
    object { members in
      members.key(of: record.key)
      members.member("offered") { $0.optional(record.offered) }
      members.member("ambiguous") { $0.bool(record.isAmbiguous) }
      members.member("approved") { $0.version(record.approved) }
      members.member("waiting") { $0.version(record.waiting) }
      members.member("rejected") { rejected in
        rejected.array { list in for version in record.rejected { list.version(version) } }
      }
    }
  }

  fileprivate mutating func version(_ version: Version?) {
    guard let version else {
      null()
      return
    }
    object { members in
      members.member("digest") { $0.digest(version.digest) }
      members.member("since") { $0.string(version.since) }
      members.member("lineage") { $0.optional(version.lineage?.digest) }
      members.member("body") { $0.string(JSONString(utf8: version.canonical)) }
    }
  }

  fileprivate mutating func entry(_ entry: HistoryEntry) {
    object { members in
      members.member("action") { $0.string(entry.action.rawValue) }
      members.member("at") { $0.string(entry.origin.at) }
      members.member("who") { $0.string(entry.origin.who) }
      members.member("how") { $0.string(entry.origin.how) }
      if let key = entry.key { members.key(of: key) }
      if let digest = entry.digest { members.member("digest") { $0.digest(digest) } }
      if let from = entry.from { members.member("from") { $0.digest(from) } }
      if let count = entry.count { members.member("count") { $0.int(count) } }
    }
  }
}
