import JSON
import Manifest

/// `cordon review`: decide on what is waiting, one item at a time.
enum ReviewCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["review"], summary: "decide on what is waiting, one item at a time",
    usage: ["review [OPTIONS] [NAME]"],
    about: [
      """
      Shows each item that waits: what is asked, what changed, what a careful reader would mark, and \
      its digest. One key decides: a approves, r rejects, s leaves it waiting; p goes back, o opens \
      the item whole, u approves together what changed in hints or looks only, ? shows all keys, q \
      ends. Without NAME, all servers' items in turn. An approval is of exactly the content that was \
      shown: what changes while you read is shown again instead.
      """,
      """
      Characters that are invisible, or would steer or reorder the terminal, are shown as ‹U+202E›, \
      and so are letters that are written from right to left.
      """,
      """
      Needs a terminal; scripts use manifest show and approve. With --format json it prints what \
      waits, and decides nothing.
      """, DecideCommand.guarded,
    ],
    options: [.format],
    examples: [
      .init(purpose: "Decide on one server's items", command: "cordon review notes"),
      .init(
        purpose: "What waits, with bodies and differences",
        command: "cordon review notes --format json"),
    ],
    exitCodes: [.success, .usage, .noSuchServer, .storeFailure, .refused, .configuration]
  ) { (context, arguments) throws(CommandError) in
    let name =
      arguments.positionals.isEmpty ? nil : try arguments.serverName(of: "review")
    if arguments.format == .json {
      context.console.write(ReviewDocument.write(try stores(name, context).map(load)))
      return ExitCode.success.rawValue
    }
    try DecisionGuard.check(context)
    guard let dialogue = context.dialogue() else {
      let server = name ?? "NAME"
      throw CommandError(
        .refused, "review needs a terminal",
        hint: "see cordon manifest show \(server); "
          + "cordon approve \(server) KIND:ITEM@DIGEST decides without one")
    }
    var session = ReviewSession(
      dialogue: dialogue, context: context, stores: try stores(name, context))
    try session.run(named: name)
    return ExitCode.success.rawValue
  }

  private static func stores(
    _ name: String?, _ context: CommandContext
  ) throws(CommandError) -> [ServerStore] {
    guard let name else { return try ServerStore.all(context) }
    return [try ServerStore.open(name, context)]
  }

  private static func load(
    _ store: ServerStore
  ) throws(CommandError) -> ReviewDocument.Server {
    ReviewDocument.Server(name: store.name, record: try store.load())
  }
}
