/// Every command of this version; parser, help and completions read it.
struct CommandTable: Sendable {
  /// A command is looked for by its words, and made when it is found.
  private let entries: [(path: [String], specification: @Sendable () -> CommandSpecification)]
  /// First words that stand for several commands.
  let groups: [String: String]

  var commands: [CommandSpecification] { entries.map { $0.specification() } }

  static let current: CommandTable = CommandTable(
    entries: [
      (["run"], { RunCommand.specification }), (["list"], { ListCommand.specification }),
      (["show"], { ShowCommand.specification }), (["remove"], { RemoveCommand.specification }),
      (["review"], { ReviewCommand.specification }), (["approve"], { DecideCommand.approve }),
      (["reject"], { DecideCommand.reject }),
      (["manifest", "show"], { ManifestShowCommand.specification }),
      (["manifest", "diff"], { ManifestDiffCommand.specification }),
      (["manifest", "history"], { ManifestHistoryCommand.specification }),
      (["manifest", "forget"], { ManifestForgetCommand.specification }),
      (["profile", "explain"], { ProfileExplainCommand.specification }),
      (["audit", "show"], { AuditShowCommand.specification }),
      (["doctor"], { DoctorCommand.specification }),
      (["completion"], { CompletionCommand.specification }),
      (["help"], { HelpCommand.specification }),
    ],
    groups: [
      "audit": "show what was recorded about a server",
      "manifest": "show, compare, trace or forget what was decided about a server",
      "profile": "show what profiles grant",
    ])

  /// The first words, each once, with what they do.
  var words: [(word: String, summary: String)] {
    var words: [(String, String)] = []
    for command in commands where !words.contains(where: { $0.0 == command.path[0] }) {
      words.append((command.path[0], groups[command.path[0]] ?? command.summary))
    }
    return words
  }

  func members(of group: String) -> [CommandSpecification] {
    commands.filter { $0.path.count == 2 && $0.path[0] == group }
  }

  func command(_ path: [String]) -> CommandSpecification? {
    entries.first { $0.path == path }?.specification()
  }

  /// Runs the command that the arguments name.
  func perform(_ arguments: [String], _ context: CommandContext) throws(CommandError) -> Int32 {
    guard let word = arguments.first else {
      throw CommandError(.usage, "no command given", hint: "see cordon --help")
    }
    switch word {
    case "--help", "-h":
      context.console.write(HelpText.overview(self))
      return ExitCode.success.rawValue
    case "--version":
      context.console.write("cordon \(ProductVersion.current)\n")
      return ExitCode.success.rawValue
    default:
      break
    }
    if groups[word] != nil, ["--help", "-h"].contains(arguments.dropFirst().first) {
      context.console.write(HelpText.group(word, self))
      return ExitCode.success.rawValue
    }
    let (command, rest) = try find(arguments)
    if ArgumentParser.asksForHelp(rest) {
      context.console.write(HelpText.command(command))
      return ExitCode.success.rawValue
    }
    return try command.action(context, try ArgumentParser.parse(rest, for: command))
  }

  /// The command that the first words name, and the arguments after them.
  func find(
    _ arguments: [String]
  ) throws(CommandError) -> (CommandSpecification, ArraySlice<String>) {
    let word = arguments[0]
    if let command = command([word]) { return (command, arguments.dropFirst()) }
    guard groups[word] != nil else {
      if word.utf8.starts(with: "-".utf8) {
        throw CommandError(
          .usage, "cordon has no option '\(word)'", hint: "a command comes first: see cordon --help"
        )
      }
      throw unknown(word, among: words.map(\.word), help: "cordon --help")
    }
    let members = members(of: word)
    guard arguments.count > 1 else {
      throw CommandError(
        .usage, "\(word) needs one of \(members.map(\.path[1]).joined(separator: ", "))",
        hint: "see cordon \(word) --help")
    }
    if let command = command([word, arguments[1]]) { return (command, arguments.dropFirst(2)) }
    throw unknown(
      "\(word) \(arguments[1])", among: members.map(\.name), help: "cordon \(word) --help")
  }

  private func unknown(_ typed: String, among words: [String], help: String) -> CommandError {
    CommandError(
      .usage, "'\(typed)' is not a command of this version",
      hint: NearestWord.of(typed, among: words).map { "did you mean cordon \($0)?" }
        ?? "see \(help)")
  }
}
