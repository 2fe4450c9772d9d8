/// The completion script for fish.
enum FishCompletion {
  static func script(_ table: CommandTable) -> String {
    var text = """
      # fish completion for cordon \(ProductVersion.current)
      complete -c cordon -f
      complete -c cordon -n __fish_use_subcommand -l help -d 'show help'
      complete -c cordon -n __fish_use_subcommand -l version -d 'print the version'

      """
    for (word, summary) in table.words {
      text += "complete -c cordon -n __fish_use_subcommand -a \(word) -d \(quoted(summary))\n"
    }
    for group in table.groups.keys.sorted() {
      let members = table.members(of: group)
      let names = members.map { $0.path[1] }.joined(separator: " ")
      let condition =
        "__fish_seen_subcommand_from \(group); and not __fish_seen_subcommand_from \(names)"
      for command in members {
        text += "complete -c cordon -n \(quoted(condition)) -a \(command.path[1]) "
        text += "-d \(quoted(command.summary))\n"
      }
    }
    for command in table.commands {
      let condition = command.path.map { "__fish_seen_subcommand_from \($0)" }
        .joined(separator: "; and ")
      if !command.operands.isEmpty {
        text += "complete -c cordon -n \(quoted(condition)) "
        text += "-a \(quoted(command.operands.joined(separator: " ")))\n"
      }
      for option in command.visibleOptions {
        text += "complete -c cordon -n \(quoted(condition)) -l \(option.name)"
        text += value(option) + " -d \(quoted(option.help))\n"
      }
    }
    return text
  }

  private static func value(_ option: OptionSpecification) -> String {
    guard option.value != nil else { return "" }
    if !option.choices.isEmpty {
      return " -x -a \(quoted(option.choices.joined(separator: " ")))"
    }
    return switch option.completion {
    case .path: " -r -F"
    case .variable: " -x -a '(set --names --export)'"
    case .nothing: " -x"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
      + "'"
  }
}
