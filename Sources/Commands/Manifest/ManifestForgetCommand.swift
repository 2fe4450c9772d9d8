import JSON
import Manifest

/// `cordon manifest forget`: the next start is a first one.
enum ManifestForgetCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["manifest", "forget"], summary: "drop every decision about a server",
    usage: ["manifest forget [OPTIONS] NAME"],
    about: [
      """
      Drops all approvals and rejections: everything waits again at the server's next start, as at \
      its first one. The private home stays.
      """, DecideCommand.guarded,
    ],
    options: [.format],
    examples: [
      .init(
        purpose: "Begin anew with a server that was replaced",
        command: "cordon manifest forget notes")
    ],
    exitCodes: [.success, .usage, .noSuchServer, .storeFailure, .refused, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "manifest forget")
    try DecisionGuard.check(context)
    let store = try ServerStore.open(name, context)
    var audit = try DecisionAudit(server: name, context)
    let origin = DecisionOrigin.person(by: "forget")
    let count = try store.update { (record) throws(DecisionError) in
      let pins = record.pins
      record.forget(by: origin)
      return pins.approved.count + pins.rejected.count
    }
    try audit.recordForgotten(count, by: origin)
    switch arguments.format {
    case .json: context.console.write(json(count, server: name))
    case .text: context.console.write("\(name): \(count) decisions forgotten\n")
    }
    return ExitCode.success.rawValue
  }

  private static func json(_ count: Int, server: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("schema") { $0.int(1) }
      writer.member("name") { $0.string(server) }
      writer.member("forgotten") { $0.int(count) }
    }
    return TerminalSafeJSON.line(writer)
  }
}
