import Profile

/// A command's arguments, read by its table: every option known, every value of a listed choice.
struct ParsedArguments: Sendable, Equatable {
  struct Option: Sendable, Equatable {
    let name: String
    /// nil for a flag.
    let value: String?
  }

  /// In the order of the command line.
  var options: [Option] = []
  var positionals: [String] = []
  /// What followed `--`, untouched; nil where there was no `--`.
  var trailing: [String]?

  func has(_ name: String) -> Bool {
    options.contains { $0.name == name }
  }

  func value(_ name: String) -> String? {
    options.last { $0.name == name }?.value
  }

  func values(_ name: String) -> [String] {
    options.filter { $0.name == name }.compactMap(\.value)
  }

  /// `--format`, text where it is not given.
  var format: OutputFormat {
    value("format").flatMap(OutputFormat.init) ?? .text
  }

  /// The only operand, as a server's name.
  func serverName(of command: String) throws(CommandError) -> String {
    guard let name = positionals.first else {
      throw CommandError(
        .usage, "\(command) needs a server's NAME", hint: "see cordon \(command) --help")
    }
    guard positionals.count == 1 else {
      throw CommandError(
        .usage, "unexpected argument '\(positionals[1])'",
        hint: "see cordon \(command) --help")
    }
    return try ServerName(argument: name).text
  }
}

/// What data is printed as.
public enum OutputFormat: String, Sendable, CaseIterable {
  case text, json
}
