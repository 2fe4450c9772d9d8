/// `cordon completion SHELL`: a completion script written from the command table.
enum CompletionCommand {
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  static let specification: CommandSpecification = CommandSpecification(
    ["completion"], summary: "print a shell's completion script",
    usage: ["completion bash|zsh|fish"],
    about: ["Writes the script to stdout; nothing is installed."],
    operands: Shell.allCases.map(\.rawValue),
    examples: [
      .init(
        purpose: "bash, for this user",
        command: "cordon completion bash > ~/.local/share/bash-completion/completions/cordon"),
      .init(
        purpose: "zsh, into a directory of $fpath",
        command: "cordon completion zsh > ~/.zfunc/_cordon"),
      .init(
        purpose: "fish, for this user",
        command: "cordon completion fish > ~/.config/fish/completions/cordon.fish"),
    ],
    exitCodes: [.success, .usage, .storeFailure]
  ) { (context, arguments) throws(CommandError) in
    let shells = Shell.allCases.map(\.rawValue)
    guard arguments.positionals.count == 1, let word = arguments.positionals.first else {
      throw CommandError(
        .usage, "completion needs one of \(shells.joined(separator: ", "))",
        hint: "cordon completion bash")
    }
    guard let shell = Shell(rawValue: word) else {
      throw CommandError(
        .usage, "no completion for '\(word)': one of \(shells.joined(separator: ", "))",
        hint: NearestWord.of(word, among: shells).map { "did you mean \($0)?" })
    }
    let table = CommandTable.current
    let script =
      switch shell {
      case .bash: BashCompletion.script(table)
      case .zsh: ZshCompletion.script(table)
      case .fish: FishCompletion.script(table)
      }
    context.console.write(script)
    return ExitCode.success.rawValue
  }
}
