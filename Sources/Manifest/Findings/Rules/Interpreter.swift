/// A program that runs code which is given among its arguments.
struct Interpreter {
  let name: String
  /// Letters of options after which code follows.
  private let letters: String
  private let words: [String]

  private static let known = [
    Interpreter(
      "a shell", ["sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "csh", "tcsh"], "c",
      ["--command"]),
    Interpreter("Python", ["python", "pypy"], "c", []),
    Interpreter(
      "Node.js", ["node", "nodejs", "bun", "deno"], "ep", ["--eval", "--print", "eval"]),
    Interpreter("Perl", ["perl"], "eE", []), Interpreter("Ruby", ["ruby"], "e", []),
    Interpreter("PHP", ["php"], "r", ["--run"]), Interpreter("Lua", ["lua", "luajit"], "e", []),
    Interpreter(
      "PowerShell", ["pwsh", "powershell"], "c", ["-command", "-encodedcommand", "-enc"]),
    Interpreter("a shell", ["npx", "npm"], "c", ["--call"]),
    Interpreter("env, which splits it into a command,", ["env"], "S", ["--split-string"]),
  ]

  private let programs: [String]

  private init(_ name: String, _ programs: [String], _ letters: String, _ words: [String]) {
    self.name = name
    self.programs = programs
    self.letters = letters
    self.words = words
  }

  /// By the last part of its path, a version after it left aside; nil for anything else.
  init?(_ path: [UInt8]) {
    var base = CommandRules.base(path[...])
    while let last = base.last, "0123456789.".utf8.contains(last) { base.removeLast() }
    let found = Interpreter.known.first { known in
      known.programs.contains { base.elementsEqual($0.utf8) }
    }
    guard let found else { return nil }
    self = found
  }

  /// Options that take the next argument as their value.
  private static let valued = [
    "-o", "-O", "-W", "-X", "-r", "--require", "--import", "--loader", "-I", "-M", "-u", "-C",
    "--rcfile", "--init-file", "-p", "--package",
  ]

  /// The index of the argument that is or holds code; nil where a script or nothing comes first.
  func code(in arguments: [[UInt8]], after index: Int) -> Int? {
    var next = index + 1
    while next < arguments.count {
      let argument = arguments[next]
      if let word = words.first(where: { argument.starts(with: $0.utf8) }) {
        return argument.count > word.utf8.count ? next : min(next + 1, arguments.count - 1)
      }
      guard argument.first == UInt8(ascii: "-"), argument.count > 1 else { return nil }
      let cluster = argument.dropFirst().prefix { Letters.isLetter($0) }
      if argument[1] != UInt8(ascii: "-"),
        let letter = cluster.firstIndex(where: { letters.utf8.contains($0) })
      {
        return letter + 1 < argument.count && letter + 1 == cluster.endIndex
          ? next : min(next + 1, arguments.count - 1)
      }
      let takesValue = Interpreter.valued.contains { argument.elementsEqual($0.utf8) }
      next += takesValue ? 2 : 1
    }
    return nil
  }
}
