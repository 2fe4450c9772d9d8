import Digest
import JSON
import Manifest

/// `manifest show --format json`: the contract that scripts and other tools read.
enum ManifestDocument {
  static func write(_ record: ServerRecord, server: String) -> [UInt8] {
    let pins = record.pins
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("approved") { section(&$0, record.approvedDigest, pins.approved) }
      // The manifest's digest once all that waits is approved: what `approve --manifest` takes.
      writer.member("waiting") { section(&$0, record.waitingDigest, pins.waiting) }
      writer.member("rejected") { writer in
        section(&writer, ManifestDigest.over(pins.rejected.map(\.digest)), pins.rejected)
      }
    }
    return TerminalSafeJSON.line(writer)
  }

  static func members(of pin: Pin, _ writer: inout JSONWriter) {
    writer.member("kind") { $0.string(pin.key.kind.rawValue) }
    writer.member("name") { $0.string(pin.key.name) }
    writer.member("digest") { $0.string(pin.digest.hex) }
  }

  /// A waiting item with its difference, for a program that shows it.
  static func members(
    of item: WaitingItem, beside names: NeighbourNames, _ writer: inout JSONWriter
  ) {
    members(of: item.pin, &writer)
    writer.member("change") { $0.string(item.change) }
    // The content that is approved now; null where there is none.
    writer.member("approved") { writer in
      if let approved = item.approved {
        writer.string(approved.digest.hex)
      } else {
        writer.null()
      }
    }
    if let renamed = item.renamed { writer.member("renamedFrom") { $0.string(renamed.name) } }
    writer.member("summary") { summary(of: item.difference, &$0) }
    writer.member("findings") { findings(item.findings(beside: names), &$0) }
    writer.member("differences") { item.difference.write(to: &$0) }
  }

  private static func summary(of difference: Difference, _ writer: inout JSONWriter) {
    let summary = difference.summary
    writer.object { writer in
      writer.member("sentence") { $0.string(summary.sentence) }
      writer.member("fields") { writer in
        writer.object { writer in
          for fieldClass in Difference.Class.allCases {
            writer.member(JSONString(fieldClass.rawValue)) {
              $0.int(summary.fields[fieldClass] ?? 0)
            }
          }
        }
      }
      writer.member("words") { $0.int(summary.words) }
      writer.member("small") { $0.bool(summary.isSmall) }
      writer.member("weakenings") { $0.int(summary.weakenings) }
      writer.member("unchangedInSubstance") { $0.bool(difference.isUnchangedInSubstance) }
    }
  }

  /// The excerpts are the server's text; a byte that is not UTF-8 cannot be in an item.
  private static func findings(_ findings: [Finding], _ writer: inout JSONWriter) {
    writer.array { writer in
      for finding in findings {
        writer.object { writer in
          writer.member("rule") { $0.string(finding.rule.rawValue) }
          writer.member("path") { $0.string(finding.path.description) }
          writer.member("sentence") { $0.string(finding.sentence) }
          writer.member("excerpt") { $0.string(JSONString(utf8: finding.excerpt)) }
        }
      }
    }
  }

  private static func section(_ writer: inout JSONWriter, _ digest: Digest, _ pins: [Pin]) {
    writer.object { writer in
      writer.member("digest") { $0.string(digest.hex) }
      writer.member("items") { writer in
        writer.array { writer in
          for pin in pins { writer.object { members(of: pin, &$0) } }
        }
      }
    }
  }
}
