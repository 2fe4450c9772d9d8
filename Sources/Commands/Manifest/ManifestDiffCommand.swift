import JSON
import Manifest

/// `cordon manifest diff`: what approving all that waits would change.
enum ManifestDiffCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["manifest", "diff"], summary: "compare what waits with what is approved",
    usage: ["manifest diff [OPTIONS] NAME"],
    about: [
      """
      Shows, for every item that waits, the difference to its approved content, or the whole of \
      a new one. Exits with 1 where there is a difference.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "What an update changed", command: "cordon manifest diff notes"),
      .init(
        purpose: "Whether anything waits, in a script",
        command: "cordon manifest diff notes --format json"),
    ],
    exitCodes: [.success, .different, .usage, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "manifest diff")
    let record = try ServerStore.open(name, context).load()
    switch arguments.format {
    case .json: context.console.write(ManifestDifferenceDocument.write(record, server: name))
    case .text: context.console.write(text(record))
    }
    return (record.waitingCount == 0 ? ExitCode.success : .different).rawValue
  }

  static func text(_ record: ServerRecord) -> String {
    var text = ""
    for item in record.waiting {
      guard let version = item.waiting else { continue }
      let lines =
        item.approved.map { approved in
          DifferenceLines.of(
            before: approved.canonical, after: version.canonical, columns: 96, coloured: false)
        } ?? BodyLines.of(version.canonical, columns: 94).map { "+ " + $0 }
      let pin = Pin(item.key, version.digest)
      text += text.isEmpty ? "" : "\n"
      text += "\(ItemReference(pin).text) \(item.approved == nil ? "new" : "changed")\n"
      text += lines.map { "  \($0)\n" }.joined()
    }
    return text
  }
}
