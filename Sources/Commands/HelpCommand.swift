/// `cordon help [COMMAND]`: the same as `--help`.
enum HelpCommand {
  static let specification: CommandSpecification = CommandSpecification(
    ["help"], summary: "show the help of a command", usage: ["help [COMMAND]"],
    about: ["The same as cordon COMMAND --help."],
    examples: [.init(purpose: "How a server is started", command: "cordon help run")],
    exitCodes: [.success, .usage]
  ) { (context, arguments) throws(CommandError) in
    let table = CommandTable.current
    let words = arguments.positionals
    if words.isEmpty {
      context.console.write(HelpText.overview(table))
    } else if words.count == 1, table.groups[words[0]] != nil {
      context.console.write(HelpText.group(words[0], table))
    } else {
      let (command, rest) = try table.find(words)
      if let extra = rest.first {
        throw CommandError(.usage, "unexpected argument '\(extra)'", hint: "see cordon --help")
      }
      context.console.write(HelpText.command(command))
    }
    return ExitCode.success.rawValue
  }
}
