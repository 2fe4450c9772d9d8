import JSON
import Manifest

/// `cordon manifest diff`: what the server offers now against what is approved.
enum ManifestDiffCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["manifest", "diff"], summary: "compare what waits with what is approved",
    usage: ["manifest diff [OPTIONS] NAME"],
    about: [
      """
      Shows, field by field, how every item that waits differs from its approved content, and names \
      approved items that the server no longer lists. ⟦ ⟧ mark the words that changed; characters \
      that are invisible or would steer the terminal are shown as ‹U+202E›. Exits with 1 where there \
      is a difference.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "What an update changed", command: "cordon manifest diff notes"),
      .init(
        purpose: "The same for a program",
        command: "cordon manifest diff notes --format json"),
    ],
    exitCodes: [.success, .different, .usage, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "manifest diff")
    let record = try ServerStore.open(name, context).load()
    let items = WaitingItem.all(in: record)
    switch arguments.format {
    case .json: context.console.write(json(items, record, server: name))
    case .text: context.console.write(text(items, record.removed))
    }
    return (items.isEmpty && record.removed.isEmpty ? ExitCode.success : .different).rawValue
  }

  static func text(_ items: [WaitingItem], _ removed: [Pin]) -> String {
    var blocks = items.map { item in
      let origin = item.renamed.map { " from \(ItemReference.text($0))" } ?? ""
      return "\(ItemReference(item.pin).text) \(item.change)\(origin)\n"
        + item.difference.lines(width: 94).map { "  \($0)\n" }.joined()
    }
    if !removed.isEmpty {
      blocks.append(removed.map { "\(ItemReference($0).text) no longer listed\n" }.joined())
    }
    return blocks.joined(separator: "\n")
  }

  static func json(
    _ items: [WaitingItem], _ record: ServerRecord, server: String
  ) -> [UInt8] {
    let removed = record.removed
    let names = NeighbourNames(record)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("different") { $0.bool(!items.isEmpty || !removed.isEmpty) }
      writer.member("items") { writer in
        writer.array { writer in
          for item in items {
            writer.object { ManifestDocument.members(of: item, beside: names, &$0) }
          }
        }
      }
      writer.member("removed") { writer in
        writer.array { writer in
          for pin in removed { writer.object { ManifestDocument.members(of: pin, &$0) } }
        }
      }
    }
    return TerminalSafeJSON.line(writer)
  }
}
