/// The completion script for bash 4 and later.
enum BashCompletion {
  static func script(_ table: CommandTable) -> String {
    var text = """
      # bash completion for cordon \(ProductVersion.current)
      _cordon() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
        local command="" word i
        # bash splits --option=value at the equals sign.
        if [[ $current == "=" ]]; then
          current=""
        elif [[ $previous == "=" ]]; then
          previous="${COMP_WORDS[COMP_CWORD-2]}"
        fi
        COMPREPLY=()
        for ((i = 1; i < COMP_CWORD; i++)); do
          word="${COMP_WORDS[i]}"
          if [[ $word == "--" && $command == "run" ]]; then
            compopt -o filenames
            if ((i == COMP_CWORD - 1)); then
              mapfile -t COMPREPLY < <(compgen -c -- "$current")
            else
              mapfile -t COMPREPLY < <(compgen -f -- "$current")
            fi
            return
          fi
          case "$command" in
            "") case "$word" in \(alternatives(table.words.map(\.word)))) command="$word" ;; esac ;;

      """
    for group in table.groups.keys.sorted() {
      let members = table.members(of: group).map { $0.path[1] }
      text += """
              \(group)) case "$word" in \(alternatives(members))) command="\(group) $word" ;; esac ;;

        """
    }
    text += """
          esac
        done
        case "$command $previous" in

      """
    for command in table.commands { text += values(of: command) }
    text += """
        esac
        case "$command" in
          "") word="\(words(table.words.map(\.word) + ["--help", "--version"]))" ;;

      """
    for group in table.groups.keys.sorted() {
      let members = table.members(of: group).map { $0.path[1] }
      text += "    \"\(group)\") word=\"\(words(members + ["--help"]))\" ;;\n"
    }
    for command in table.commands {
      let options = command.visibleOptions.map { "--\($0.name)" }
      text += "    \"\(command.name)\") word=\"\(words(command.operands + options))\" ;;\n"
    }
    text += """
          *) word="" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
      }
      complete -F _cordon cordon

      """
    return text
  }

  /// What follows each option of a command that takes a value.
  private static func values(of command: CommandSpecification) -> String {
    var text = ""
    for option in command.visibleOptions where option.value != nil {
      let action =
        if !option.choices.isEmpty {
          "mapfile -t COMPREPLY < <(compgen -W \"\(words(option.choices))\" -- \"$current\")"
        } else {
          switch option.completion {
          case .path:
            "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
          case .variable: "mapfile -t COMPREPLY < <(compgen -e -- \"$current\")"
          case .nothing: ":"
          }
        }
      text += "    \"\(command.name) --\(option.name)\") \(action); return ;;\n"
    }
    return text
  }

  private static func words(_ words: [String]) -> String { words.joined(separator: " ") }

  private static func alternatives(_ words: [String]) -> String { words.joined(separator: "|") }
}
