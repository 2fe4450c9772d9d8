/// `cordon run`.
enum RunCommand {
  static func perform(
    _ options: RunOptions, _ context: CommandContext
  ) throws(CommandError) -> Int32 {
    throw CommandError(.internalError, "'\(options.name)' can't be launched: no supervisor")
  }
}
