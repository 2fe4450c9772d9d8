/// One command: what the parser accepts, what the help teaches, what carries it out.
struct CommandSpecification: Sendable {
  typealias Action =
    @Sendable (CommandContext, ParsedArguments) throws(CommandError) -> Int32

  struct Example: Sendable {
    let purpose: String
    let command: String
  }

  /// `["manifest", "show"]`.
  let path: [String]
  let summary: String
  /// The command line after `cordon `, one line for each form.
  let usage: [String]
  /// Paragraphs; the help wraps them.
  let about: [String]
  let options: [OptionSpecification]
  /// Whether `--` and a command may follow.
  let takesCommand: Bool
  /// What a shell offers for the operands.
  let operands: [String]
  let examples: [Example]
  let exitCodes: [ExitCode]
  let action: Action

  init(
    _ path: [String], summary: String, usage: [String], about: [String],
    options: [OptionSpecification] = [], takesCommand: Bool = false, operands: [String] = [],
    examples: [Example], exitCodes: [ExitCode], action: @escaping Action
  ) {
    self.path = path
    self.summary = summary
    self.usage = usage
    self.about = about
    self.options = options + [.help]
    self.takesCommand = takesCommand
    self.operands = operands
    self.examples = examples
    self.exitCodes = exitCodes
    self.action = action
  }

  /// `manifest show`.
  var name: String { path.joined(separator: " ") }

  var visibleOptions: [OptionSpecification] { options.filter { !$0.hidden } }

  func option(_ name: String) -> OptionSpecification? {
    options.first { $0.name == name }
  }
}
