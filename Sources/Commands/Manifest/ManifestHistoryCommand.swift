import Digest
import JSON
import Manifest
import Profile

/// `cordon manifest history`: who decided what, when, and by which way.
enum ManifestHistoryCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["manifest", "history"], summary: "show who decided what, when and how",
    usage: ["manifest history [OPTIONS] NAME [KIND:ITEM]…"],
    about: [
      """
      Lists the decisions about a server, the latest first: who took each, when, and by which way (at \
      a terminal, through the host's question or a program, by a rule of the profile or by first use), \
      the digest that was decided about, and the one that was approved before. With KIND:ITEM, as \
      manifest show spells it, those about that item alone. The last \(ServerRecord.historyLimit) are \
      kept; manifest forget and remove are in the audit log for good.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "Everything that was decided", command: "cordon manifest history notes"),
      .init(purpose: "About one tool", command: "cordon manifest history notes tool:search"),
    ],
    exitCodes: [.success, .usage, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    guard let first = arguments.positionals.first else {
      throw CommandError(
        .usage, "manifest history needs a server's NAME", hint: "see cordon manifest history --help"
      )
    }
    var keys: Set<ItemKey> = []
    for text in arguments.positionals.dropFirst() {
      keys.insert(try ItemReference.key(parsing: text))
    }
    let store = try ServerStore.open(try ServerName(argument: first).text, context)
    let entries = try store.load().history.reversed().filter { entry in
      keys.isEmpty || entry.key.map(keys.contains) == true
    }
    switch arguments.format {
    case .json: context.console.write(json(entries, server: store.name))
    case .text: context.console.write(entries.map(text).joined())
    }
    return ExitCode.success.rawValue
  }

  static func text(_ entry: HistoryEntry) -> String {
    var text = "\(Rendering.line(entry.origin.at)) \(entry.action.rawValue) "
    if let key = entry.key {
      text += ItemReference.text(key)
      if let digest = entry.digest { text += "@\(digest.hex)" }
    } else {
      text += entry.count == 1 ? "1 item" : "\(entry.count ?? 0) items"
    }
    text += "\n  by \(Rendering.line(entry.origin.who)), \(way(entry.origin.how))\n"
    if let from = entry.from { text += "  instead of \(from.hex)\n" }
    return text
  }

  /// In a sentence; what another version wrote, as it is.
  private static func way(_ how: String) -> String {
    switch how {
    case "review": "at a terminal (cordon review)"
    case "approve", "reject", "forget":
      "with the command cordon \(how == "forget" ? "manifest forget" : how)"
    case "elicitation": "in the host's own question (elicitation)"
    case "program": "through the approval program"
    case "policy": "by a rule of the profile"
    case "first-use", "listing": "by first use (\(how))"
    default: Rendering.line(how)
    }
  }

  static func json(_ entries: [HistoryEntry], server: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("history") { writer in
        writer.array { writer in
          for entry in entries { writer.object { members(of: entry, &$0) } }
        }
      }
    }
    return TerminalSafeJSON.line(writer)
  }

  private static func members(of entry: HistoryEntry, _ writer: inout JSONWriter) {
    writer.member("at") { $0.string(entry.origin.at) }
    writer.member("action") { $0.string(entry.action.rawValue) }
    writer.member("who") { $0.string(entry.origin.who) }
    writer.member("how") { $0.string(entry.origin.how) }
    if let key = entry.key {
      writer.member("kind") { $0.string(key.kind.rawValue) }
      writer.member("name") { $0.string(key.name) }
    }
    if let digest = entry.digest { writer.member("digest") { $0.string(digest.hex) } }
    if let from = entry.from { writer.member("from") { $0.string(from.hex) } }
    if let count = entry.count { writer.member("count") { $0.int(count) } }
  }
}
