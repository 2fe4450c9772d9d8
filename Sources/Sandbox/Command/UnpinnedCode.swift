/// Code that a command fetches, or takes from where an earlier call has fetched it to, without saying
/// exactly which: nothing pins it, so that it can change without the command changing.
///
/// It looks at the words of the command line alone, through `env`, `sudo` and a shell's `-c`. What a
/// script does when it runs is not seen.
enum UnpinnedCode {
  /// A sentence for each, in the order of the command line.
  static func find(_ command: String, _ arguments: [String]) -> [String] {
    find([command] + arguments, depth: 0)
  }

  /// Shells in shells: nobody writes more.
  private static let deepest = 4

  private static func find(_ words: [String], depth: Int) -> [String] {
    guard depth <= deepest, let first = words.first else { return [] }
    let name = Path.name(first)
    let rest = words.dropFirst()
    if let inner = wrapped(name, rest) { return find(inner, depth: depth + 1) }
    if shells.containsPath(name) {
      return script(in: rest).map { text in
        ShellWords.commands(in: text).flatMap { find($0, depth: depth + 1) }
      } ?? []
    }
    for tool in PackageRunner.all {
      guard let call = tool.call(name, rest) else { continue }
      return call.compactMap { package in
        tool.isFixed(package) ? nil : tool.sentence(package)
      }
    }
    return []
  }

  // MARK: - What stands in front of a command

  private static let shells = ["ash", "bash", "dash", "ksh", "sh", "zsh"]

  /// The text after `-c`, which may stand among other letters: `-lc`.
  private static func script(in words: ArraySlice<String>) -> String? {
    guard
      let option = words.firstIndex(where: {
        $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.utf8.last == UInt8(ascii: "c")
      })
    else { return nil }
    return words[words.index(after: option)...].first
  }

  /// The command inside a command, nil where there is none.
  private static func wrapped(_ name: String, _ words: ArraySlice<String>) -> [String]? {
    switch name {
    case "env":
      var rest = words
      while let word = rest.first, word.hasPrefix("-") || word.contains("=") {
        rest = rest.dropFirst()
        if word == "-S" || word == "--split-string", let text = rest.first {
          return ShellWords.commands(in: text).first.map { $0 + rest.dropFirst() }
        }
        if ["-u", "--unset", "-C", "--chdir"].contains(word) { rest = rest.dropFirst() }
      }
      return Array(rest)
    case "sudo", "doas", "nohup", "setsid", "exec", "command", "stdbuf", "time", "xvfb-run":
      return Array(words.drop { $0.hasPrefix("-") })
    case "nice", "timeout":
      return Array(
        words.drop {
          $0.hasPrefix("-") || $0.utf8.first.map { (0x30...0x39).contains($0) } ?? false
        })
    default:
      return nil
    }
  }
}
