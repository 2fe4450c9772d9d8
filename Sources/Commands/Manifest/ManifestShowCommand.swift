import Digest
import Manifest

/// `cordon manifest show`: what is approved, waiting and rejected, ready to paste.
enum ManifestShowCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["manifest", "show"], summary: "show what is approved, waiting and rejected",
    usage: ["manifest show [OPTIONS] NAME"],
    about: [
      """
      Lists every item as KIND:ITEM@DIGEST, the form that approve and reject take, and the digest \
      of the whole manifest: of what is approved, and of what it will be once all that waits is \
      approved.
      """
    ],
    options: [.format],
    examples: [
      .init(purpose: "What the server's manifest is", command: "cordon manifest show notes"),
      .init(
        purpose: "The digests, for a script",
        command: "cordon manifest show notes --format json"),
    ],
    exitCodes: [.success, .usage, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "manifest show")
    let record = try ServerStore.open(name, context).load()
    switch arguments.format {
    case .json: context.console.write(ManifestDocument.write(record, server: name))
    case .text: context.console.write(text(record, server: name))
    }
    if record.isAfterDamage {
      context.console.warn(
        "earlier decisions were lost to a damaged file: nothing is taken for a first use until "
          + "cordon manifest forget \(name)")
    }
    return ExitCode.success.rawValue
  }

  static func text(_ record: ServerRecord, server: String) -> String {
    let pins = record.pins
    var text = "\(server): \(pins.approved.count) approved, \(pins.waiting.count) waiting, "
    text += "\(pins.rejected.count) rejected\n"
    text += section("approved, manifest \(record.approvedDigest):", pins.approved)
    text += section(
      "waiting, manifest \(record.waitingDigest) once all of it is approved:", pins.waiting)
    text += section("rejected:", pins.rejected)
    text += section("approved, but no longer listed by the server:", record.removed)
    let ambiguous = record.sorted.filter(\.isAmbiguous)
    if !ambiguous.isEmpty {
      text += "\nlisted twice by the server, so none of them is served:\n"
      text += ambiguous.map { "  \(ItemReference.text($0.key))\n" }.joined()
    }
    return text
  }

  private static func section(_ title: String, _ pins: [Pin]) -> String {
    guard !pins.isEmpty else { return "" }
    return "\n\(title)\n" + pins.map { "  \(ItemReference($0).text)\n" }.joined()
  }
}
