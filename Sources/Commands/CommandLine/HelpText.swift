/// The help, written from the table: what a command does, its options, examples, exit codes.
enum HelpText {
  private static let width = 80

  static func overview(_ table: CommandTable) -> String {
    var text = """
      cordon \(ProductVersion.current): runs local MCP servers in a sandbox of their own, \
      and lets the
      model see only the tools that a person approved.

      Usage: cordon COMMAND [OPTIONS] …

      Commands:

      """
    let listed = table.commands.map { ($0.name, $0.summary) }
    text += columns(listed)
    text += """

      Options:
        --help     show this help; with a command, that command's
        --version  print the version

      Examples:
        Put this where your MCP host's configuration had the server's own command:
          cordon run --name notes --read-write ~/notes -- python3 notes_server.py
        See what the sandbox would be, without starting anything:
          cordon run --name notes --dry-run -- python3 notes_server.py
        Decide on the tools that wait for you:
          cordon review notes

      Exit codes:

      """
    text += exitCodes(ExitCode.allCases)
    text +=
      "  Once a server ran, its own status is the status of cordon run (128+n for a signal).\n"
    return text
  }

  static func group(_ name: String, _ table: CommandTable) -> String {
    let members = table.commands.filter { $0.path.first == name }
    var text = "Usage:\n" + members.flatMap(\.usage).map { "  cordon \($0)\n" }.joined()
    text += "\nCommands:\n"
    text += columns(members.map { ($0.name, $0.summary) })
    text += "\nSee cordon \(name) COMMAND --help for each of them.\n"
    return text
  }

  static func command(_ command: CommandSpecification) -> String {
    var text = "cordon \(command.name): \(command.summary)\n\nUsage:\n"
    text += command.usage.map { "  cordon \($0)\n" }.joined()
    for paragraph in command.about {
      text += "\n" + wrapped(paragraph, indent: 0)
    }
    text += "\nOptions:\n"
    text += columns(command.visibleOptions.map { ($0.synopsis, $0.help) })
    text += "\nExamples:\n"
    for example in command.examples {
      text += "  \(example.purpose):\n    \(example.command)\n"
    }
    text += "\nExit codes:\n" + exitCodes(command.exitCodes)
    return text
  }

  private static func exitCodes(_ codes: [ExitCode]) -> String {
    columns(codes.map { ("\($0.rawValue)", $0.meaning) })
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let left = min(rows.map { $0.0.count }.max() ?? 0, 28)
    var text = ""
    for (name, help) in rows {
      let lines = wrapped(help, indent: left + 4)
      if name.count > left {
        text += "  \(name)\n" + lines
      } else {
        let padding = String(repeating: " ", count: left - name.count)
        text += "  \(name)\(padding)  " + lines.drop { $0 == " " }
      }
    }
    return text
  }

  private static func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines = ""
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines += margin + line + "\n"
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + margin + line + "\n"
  }
}

extension OptionSpecification {
  /// `--read-only PATH`.
  fileprivate var synopsis: String {
    value.map { "--\(name) \($0)" } ?? "--\(name)"
  }
}
