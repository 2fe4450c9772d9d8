import Testing

@testable import Commands

@Suite struct CompletionTests {
  /// What this version does not have is named nowhere.
  static let absent = [
    "add", "wrap", "unwrap", "secret",
  ]

  static func scripts() -> [String] {
    let table = CommandTable.current
    return [
      BashCompletion.script(table), ZshCompletion.script(table), FishCompletion.script(table),
    ]
  }

  @Test func everyCommandAndOptionIsOffered() {
    for script in Self.scripts() {
      for command in CommandTable.current.commands {
        #expect(script.contains(command.path[command.path.count - 1]))
        for option in command.visibleOptions { #expect(script.contains(option.name)) }
      }
    }
  }

  @Test(arguments: absent)
  func nothingElseIsOffered(_ word: String) {
    let offered = CommandTable.current
    #expect(!offered.words.map(\.word).contains(word))
    #expect(!offered.commands.contains { $0.path.contains(word) })
    for script in Self.scripts() {
      #expect(!script.contains("cordon \(word)"))
    }
  }

  /// Help, hints and examples name only commands of the table.
  @Test func helpNamesOnlyWhatThereIs() {
    let table = CommandTable.current
    let texts =
      [HelpText.overview(table), HelpText.group("manifest", table)]
      + table.commands.map(HelpText.command)
    for text in texts {
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").map { $0.filter { !"();:,".contains($0) } }
        for (word, next) in zip(words, words.dropFirst()) where word == "cordon" {
          let known = table.words.map(\.word) + ["COMMAND", ProductVersion.current]
          #expect(
            known.contains { next == $0 || next == $0 + "." } || next.hasPrefix("--"), "\(line)")
        }
      }
    }
  }

  @Test func linesOfTheHelpFitATerminal() {
    for command in CommandTable.current.commands {
      let text = HelpText.command(command)
      let prose = text.split(separator: "\n").filter { !$0.hasPrefix("    ") }
      for line in prose { #expect(line.count <= 100, "\(line)") }
    }
  }
}
