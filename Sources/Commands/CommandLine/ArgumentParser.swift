/// Reads a command's arguments by its table.
///
/// `--option value` and `--option=value` are the same; options may follow operands; `--` ends both,
/// and what comes after it is never looked at. A value is never repeated in a message: someone will
/// have typed a secret there.
enum ArgumentParser {
  static func parse(
    _ arguments: some Sequence<String>, for command: CommandSpecification
  ) throws(CommandError) -> ParsedArguments {
    var parsed = ParsedArguments()
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        parsed.trailing = Array(rest)
        break
      }
      guard argument.utf8.starts(with: "-".utf8), argument != "-" else {
        parsed.positionals.append(argument)
        continue
      }
      try option(argument, &rest, command, into: &parsed)
    }
    if parsed.trailing != nil, !command.takesCommand {
      throw usage(command, "'--' does not belong to \(command.name)")
    }
    return parsed
  }

  /// Whether `--help` was asked for, however wrong the rest is.
  static func asksForHelp(_ arguments: some Sequence<String>) -> Bool {
    arguments.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }

  private static func option(
    _ argument: String, _ rest: inout ArraySlice<String>, _ command: CommandSpecification,
    into parsed: inout ParsedArguments
  ) throws(CommandError) {
    let (name, inline) = split(argument)
    guard argument.utf8.starts(with: "--".utf8), let known = command.option(name) else {
      throw unknown(argument, name, command)
    }
    if !known.repeatable, parsed.has(name) {
      throw usage(command, "--\(name) is given twice")
    }
    guard let placeholder = known.value else {
      guard inline == nil else { throw usage(command, "--\(name) takes no value") }
      parsed.options.append(.init(name: name, value: nil))
      return
    }
    var value = inline
    if value == nil, let next = rest.first, !next.utf8.starts(with: "--".utf8) {
      value = next
      rest.removeFirst()
    }
    guard let value else {
      throw CommandError(
        .usage, "--\(name) needs a value: --\(name) \(placeholder)",
        hint: "a value that begins with -- is written --\(name)=VALUE")
    }
    if !known.choices.isEmpty, !known.choices.contains(value) {
      let nearest = NearestWord.of(value, among: known.choices)
      throw CommandError(
        .usage, "--\(name) is one of \(known.choices.joined(separator: ", "))",
        hint: nearest.map { "did you mean --\(name) \($0)?" })
    }
    parsed.options.append(.init(name: name, value: value))
  }

  private static func split(_ argument: String) -> (name: String, value: String?) {
    let body = argument.utf8.drop { $0 == UInt8(ascii: "-") }
    guard let equals = body.firstIndex(of: UInt8(ascii: "=")) else {
      return (String(Substring(body)), nil)
    }
    let value = body[body.index(after: equals)...]
    return (String(Substring(body[..<equals])), String(Substring(value)))
  }

  private static func unknown(
    _ argument: String, _ name: String, _ command: CommandSpecification
  ) -> CommandError {
    let shown = String(Substring(argument.utf8.prefix { $0 != UInt8(ascii: "=") }))
    let nearest = NearestWord.of(name, among: command.visibleOptions.map(\.name))
    return CommandError(
      .usage, "\(command.name) has no option '\(shown)'",
      hint: nearest.map { "did you mean --\($0)?" }
        ?? "see cordon \(command.name) --help")
  }

  private static func usage(_ command: CommandSpecification, _ message: String) -> CommandError {
    CommandError(.usage, message, hint: "see cordon \(command.name) --help")
  }
}
