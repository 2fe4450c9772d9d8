import JSON
import Manifest

/// `cordon review`: decide on what is waiting, one item at a time.
enum ReviewCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["review"], summary: "decide on what is waiting, one item at a time",
    usage: ["review [OPTIONS] [NAME]"],
    about: [
      """
      Shows each item that waits: every field of a new one, the difference of a changed one. Each is \
      decided with one key: a approves, r rejects, s leaves it waiting, q ends. Without NAME, all \
      servers' items in turn. Characters that are invisible or would steer the terminal are shown as \
      ‹U+202E›.
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
    var session = ReviewSession(dialogue: dialogue, context: context)
    for store in try stores(name, context) where try session.review(store) == .quit { break }
    session.finish(named: name)
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
  ) throws(CommandError) -> (name: String, items: [WaitingItem]) {
    (store.name, WaitingItem.all(in: try store.load()))
  }
}
