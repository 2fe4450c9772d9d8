import Profile

/// What each option of `run` may be, as far as the command line alone can tell.
extension RunOptions {
  static func target(_ arguments: ParsedArguments) throws(CommandError) -> Target {
    let name = arguments.value("name")
    guard let command = arguments.trailing else {
      if name != nil {
        throw CommandError(
          .usage, "--name needs a command after --", hint: "cordon run --name NAME -- COMMAND …")
      }
      if arguments.positionals.isEmpty {
        throw CommandError(
          .usage, "run needs a server's NAME, or a command after --",
          hint: "cordon run --name NAME -- COMMAND …")
      }
      if arguments.positionals.count > 1 {
        throw CommandError(
          .usage, "unexpected argument '\(arguments.positionals[1])'",
          hint: "a command follows --: cordon run --name NAME -- COMMAND …")
      }
      return .defined(try ServerName(argument: arguments.positionals[0]))
    }
    if let positional = arguments.positionals.first {
      throw CommandError(
        .usage, "unexpected argument '\(positional)' before --",
        hint: "an ad hoc server's name is an option: cordon run --name NAME -- COMMAND …")
    }
    guard let name else {
      throw CommandError(
        .usage, "a command after -- needs --name NAME",
        hint: "approvals and the private home are kept under that name")
    }
    guard let program = command.first, !program.isEmpty else {
      throw CommandError(
        .usage, "there is no command after --", hint: "cordon run --name NAME -- COMMAND …")
    }
    return .adHoc(try ServerName(argument: name), command: command)
  }

  static func texts(
    _ option: String, _ arguments: ParsedArguments
  ) throws(CommandError) -> [String] {
    let values = arguments.values(option)
    if values.contains(where: \.isEmpty) {
      throw CommandError(.usage, "--\(option) is empty", hint: "see cordon run --help")
    }
    return values
  }

  static func variable(_ text: String) throws(CommandError) -> Variable {
    let (name, value) = split(text)
    try checkVariable(name, of: "env")
    return value.map { .set(name: name, value: $0) } ?? .pass(name: name)
  }

  static func secret(_ text: String) throws(CommandError) -> Secret {
    // What was typed is not printed unless it is NAME=…, and never the source: a value that was
    // given by mistake must not reach a log.
    let (name, source) = split(text)
    guard let source else {
      throw CommandError(
        .usage, "--secret needs NAME=SOURCE", hint: "--secret NAME=env:VARIABLE, or NAME=file:PATH")
    }
    try checkVariable(name, of: "secret")
    guard ["env:", "file:"].contains(where: { isSource(source, $0) }) else {
      throw CommandError(
        .usage, "--secret \(name) has no source that Cordon knows",
        hint: "--secret \(name)=env:VARIABLE, or --secret \(name)=file:PATH")
    }
    return Secret(name: name, source: source)
  }

  private static func isSource(_ source: String, _ scheme: String) -> Bool {
    source.utf8.starts(with: scheme.utf8) && source.utf8.count > scheme.utf8.count
  }

  private static func split(_ text: String) -> (name: String, value: String?) {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (text, nil) }
    let value = text.utf8[text.utf8.index(after: equals)...]
    return (String(Substring(text.utf8[..<equals])), String(Substring(value)))
  }

  /// POSIX: letters, digits and underscores, no digit first.
  private static func checkVariable(_ name: String, of option: String) throws(CommandError) {
    let letters = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard letters, let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first)
    else {
      throw CommandError(
        .usage, "--\(option) does not begin with a variable's name",
        hint: "a name is letters, digits and underscores, and does not begin with a digit")
    }
  }

  static func checkUnique(_ names: [String]) throws(CommandError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw CommandError(.usage, "\(name) is given twice by --env or --secret")
    }
  }
}
