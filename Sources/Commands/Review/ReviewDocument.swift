import JSON
import Manifest

/// `review --format json`: what a person would be shown.
enum ReviewDocument {
  struct Server {
    let name: String
    let record: ServerRecord
  }

  static func write(_ servers: [Server]) -> [UInt8] {
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
    return TerminalSafeJSON.line(writer)
  }

  /// The canonical form, which is what the digest is over; what is not JSON, as text.
  private static func body(_ canonical: [UInt8], _ writer: inout JSONWriter) {
    do throws(JSONError) {
      writer.raw(JSONCanonical.write(try JSONReader.parse(canonical)))
    } catch {
      writer.string(JSONString(utf8: canonical))
    }
  }

  private static func waiting(_ record: ServerRecord, _ writer: inout JSONWriter) {
    let names = NeighbourNames(record)
    writer.array { writer in
      for item in WaitingItem.all(in: record) {
        writer.object { writer in
          ManifestDocument.members(of: item, beside: names, &writer)
          writer.member("body") { body(item.version.canonical, &$0) }
        }
      }
    }
  }
}
