import Digest
import JSON
import Manifest

/// `review --format json`: what a person would be shown.
enum ReviewDocument {
  static func write(_ servers: [(name: String, record: ServerRecord)]) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("servers") { writer in
        writer.array { writer in
          for server in servers {
            writer.object { writer in
              writer.member("name") { $0.string(server.name) }
              writer.member("waiting") { waiting(server.record, &$0) }
            }
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func waiting(_ record: ServerRecord, _ writer: inout JSONWriter) {
    writer.array { writer in
      for item in record.waiting {
        guard let version = item.waiting else { continue }
        writer.object { writer in
          ManifestDocument.members(of: Pin(item.key, version.digest), &writer)
          // The content that is approved now; null for a new item.
          writer.member("approved") { writer in
            if let approved = item.approved {
              writer.string(approved.digest.hex)
            } else {
              writer.null()
            }
          }
          writer.member("body") { $0.raw(TerminalSafeJSON.document(version.canonical)) }
        }
      }
    }
  }
}
