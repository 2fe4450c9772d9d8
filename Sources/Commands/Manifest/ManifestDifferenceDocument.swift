import Digest
import JSON
import Manifest

/// `manifest diff --format json`.
enum ManifestDifferenceDocument {
  static func write(_ record: ServerRecord, server: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("different") { $0.bool(record.waitingCount > 0) }
      writer.member("items") { writer in
        writer.array { writer in
          for item in record.waiting { self.item(item, &writer) }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func item(_ item: ItemRecord, _ writer: inout JSONWriter) {
    guard let version = item.waiting else { return }
    writer.object { writer in
      ManifestDocument.members(of: Pin(item.key, version.digest), &writer)
      writer.member("approved") { writer in
        if let approved = item.approved {
          writer.string(approved.digest.hex)
        } else {
          writer.null()
        }
      }
    }
  }
}
