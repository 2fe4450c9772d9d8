import Audit
import Glibc
import JSON
import Kernel
import Profile

/// `cordon audit show`: what was recorded about a server, event by event or summed up.
enum AuditShowCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["audit", "show"], summary: "show what was recorded about a server",
    usage: ["audit show [OPTIONS] NAME"],
    about: [
      """
      Prints the server's audit log, the oldest event first: launches, calls, what was withheld, \
      decisions, connections. A removed server's log stays and can be shown.
      """,
      """
      With --egress, sums up what went over the network: for each destination its connections, how \
      they ended, the bytes each way and the addresses that were used, and for each refusal why and \
      how often. Whatever is beyond the first \(EgressSummary.mostRows) destinations, or refusals, is \
      summed up in one.
      """,
    ],
    options: [
      .flag("egress", "connections and refusals, summed up by destination"), .format,
    ],
    examples: [
      .init(
        purpose: "Where a server has connected to", command: "cordon audit show notes --egress"),
      .init(
        purpose: "Every event, for a program", command: "cordon audit show notes --format json"),
    ],
    exitCodes: [.success, .usage, .noSuchServer, .storeFailure, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name = try arguments.serverName(of: "audit show")
    let damaged =
      arguments.has("egress")
      ? try sumUp(name, context, arguments.format) : try list(name, context, arguments.format)
    if damaged > 0 {
      context.console.warn(
        "\(damaged) line\(damaged == 1 ? "" : "s") of the audit log can't be read")
    }
    return ExitCode.success.rawValue
  }

  /// Writes as it reads.
  ///
  /// - Returns: how many lines are damaged.
  private static func list(
    _ name: String, _ context: CommandContext, _ format: OutputFormat
  ) throws(CommandError) -> Int {
    let console = context.console
    var damaged = 0
    var isFirst = true
    if format == .json { console.write(AuditEventDocument.opening(server: name)) }
    try read(name, context) { entry in
      switch (entry, format) {
      case (.damaged, _): damaged += 1
      case (.event(let record), .text): console.write(AuditEventText.line(record))
      case (.event(let record), .json):
        console.write(AuditEventDocument.event(record, isFirst: isFirst))
        isFirst = false
      }
    }
    if format == .json { console.write(AuditEventDocument.closing) }
    return damaged
  }

  private static func sumUp(
    _ name: String, _ context: CommandContext, _ format: OutputFormat
  ) throws(CommandError) -> Int {
    var summary = EgressSummary()
    var damaged = 0
    try read(name, context) { entry in
      switch entry {
      case .damaged: damaged += 1
      case .event(let record): summary.add(record)
      }
    }
    switch format {
    case .text: context.console.write(EgressSummaryText.text(summary, server: name))
    case .json: context.console.write(EgressSummaryDocument.write(summary, server: name))
    }
    return damaged
  }

  /// Nothing for a server that exists and has no log.
  private static func read(
    _ name: String, _ context: CommandContext, _ each: (AuditReader.Entry) -> Void
  ) throws(CommandError) {
    let places = try context.places()
    do throws(AuditError) {
      var reader = try AuditReader(directory: places.audit, server: name)
      while let entry = try reader.next() { each(entry) }
    } catch {
      guard case .system(let system) = error, system.errno.code == ENOENT else {
        throw CommandError(.storeFailure, "the audit log can't be read: \(error)")
      }
      _ = try ServerInventory.required(name, in: places)
    }
  }
}
