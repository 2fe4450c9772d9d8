/// The completion script for zsh.
enum ZshCompletion {
  static func script(_ table: CommandTable) -> String {
    var text = """
      #compdef cordon
      # zsh completion for cordon \(ProductVersion.current)
      _cordon() {
        local -a commands
        if (( CURRENT == 2 )); then
          commands=(

      """
    text += table.words.map { "      \(quoted("\($0.word):\($0.summary)"))\n" }.joined()
    text += """
          )
          _describe command commands
          _arguments '--help[show help]' '--version[print the version]'
          return
        fi
        case "$words[2]" in

      """
    for word in table.words.map(\.word) {
      text += "    \(word))\n"
      if table.groups[word] != nil {
        text += group(word, table)
      } else if let command = table.command([word]) {
        text += "      shift words; (( CURRENT-- ))\n" + arguments(command, margin: "      ")
      }
      text += "      ;;\n"
    }
    text += """
        esac
      }
      _cordon "$@"

      """
    return text
  }

  private static func group(_ name: String, _ table: CommandTable) -> String {
    let members = table.members(of: name)
    var text = "      if (( CURRENT == 3 )); then\n        commands=(\n"
    text += members.map { "          \(quoted("\($0.path[1]):\($0.summary)"))\n" }.joined()
    text += "        )\n        _describe command commands\n        return\n      fi\n"
    text += "      case \"$words[3]\" in\n"
    for command in members {
      text += "        \(command.path[1]))\n          shift 2 words; (( CURRENT -= 2 ))\n"
      text += arguments(command, margin: "          ") + "          ;;\n"
    }
    return text + "      esac\n"
  }

  private static func arguments(_ command: CommandSpecification, margin: String) -> String {
    var specifications = command.visibleOptions.map(option)
    if !command.operands.isEmpty {
      specifications.append(quoted("1:operand:(\(command.operands.joined(separator: " ")))"))
    }
    if command.takesCommand { specifications.append(quoted("*::command:_normal")) }
    return margin + "_arguments -S \\\n"
      + specifications.map { "\(margin)  \($0)" }.joined(separator: " \\\n") + "\n"
  }

  private static func option(_ option: OptionSpecification) -> String {
    let help = option.help.filter { !"[]:".contains($0) }
    let repeated = option.repeatable ? "*" : ""
    guard let value = option.value else { return quoted("\(repeated)--\(option.name)[\(help)]") }
    let action =
      if !option.choices.isEmpty {
        "(\(option.choices.joined(separator: " ")))"
      } else {
        switch option.completion {
        case .path: "_files"
        case .variable: "_parameters -g '*export*'"
        case .nothing: ""
        }
      }
    let label = value.filter { !"[]:".contains($0) }
    return quoted("\(repeated)--\(option.name)=[\(help)]:\(label):\(action)")
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
