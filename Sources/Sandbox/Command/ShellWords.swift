/// The commands in a shell's text, each as its words. Good enough to find a program by its name;
/// nothing is expanded, and nothing is decided by it but what a person is told.
enum ShellWords {
  static func commands(in text: String) -> [[String]] {
    var commands: [[String]] = []
    var words: [String] = []
    var word: [UInt8] = []
    var isWord = false
    var quote: UInt8?
    var isEscaped = false

    func endWord() {
      if isWord { words.append(String(decoding: word, as: UTF8.self)) }
      word = []
      isWord = false
    }
    func endCommand() {
      endWord()
      // Assignments stand before the command.
      let command = Array(words.drop { isAssignment($0) })
      if !command.isEmpty { commands.append(command) }
      words = []
    }

    for byte in text.utf8 {
      if isEscaped {
        word.append(byte)
        isWord = true
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { word.append(byte) }
      } else if "'\"".utf8.contains(byte) {
        quote = byte
        isWord = true
      } else if ";|&\n(){}`<>".utf8.contains(byte) {
        endCommand()
      } else if " \t".utf8.contains(byte) {
        endWord()
      } else {
        word.append(byte)
        isWord = true
      }
    }
    endCommand()
    return commands
  }

  private static func isAssignment(_ word: String) -> Bool {
    guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
    return word[..<equals].utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == UInt8(ascii: "_")
    }
  }
}
