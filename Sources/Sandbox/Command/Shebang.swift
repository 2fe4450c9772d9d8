import Kernel

/// A script's first line.
struct Shebang: Equatable {
  let interpreter: String
  /// What follows the interpreter: the kernel makes it one argument.
  let argument: String?

  /// The kernel looks at this much of a file (BINPRM_BUF_SIZE).
  static let window = 256

  enum Line: Equatable {
    case none
    case shebang(Shebang)
    /// `#!` with nothing that could be executed.
    case malformed(String)
  }

  static func read(_ start: [UInt8]) -> Line {
    guard start.starts(with: Array("#!".utf8)) else { return .none }
    let line = start.prefix(window).dropFirst(2).prefix { $0 != 0x0A && $0 != 0 }
    let complete = line.count + 2 < start.prefix(window).count || start.count < window
    let words = line.drop(while: isBlank)
    let interpreter = words.prefix { !isBlank($0) }
    let rest = words.dropFirst(interpreter.count).drop(while: isBlank)
    let argument = rest.reversed().drop(while: isBlank).reversed()
    // A path that the window cuts off would be another path.
    let cut = !complete && rest.isEmpty
    guard interpreter.first == UInt8(ascii: "/"), !cut else {
      return .malformed(String(decoding: interpreter, as: UTF8.self))
    }
    return .shebang(
      Shebang(
        interpreter: String(decoding: interpreter, as: UTF8.self),
        argument: argument.isEmpty ? nil : String(decoding: argument, as: UTF8.self)))
  }

  /// The program that `env` will look for in PATH, or nil where the interpreter is not `env`.
  ///
  /// - Throws: where env's options change more than this can follow.
  func programForEnv() throws(UnknownForm) -> String? {
    guard Path.same(Path.name(interpreter), "env") else { return nil }
    guard var text = argument else { throw UnknownForm() }
    for option in ["--split-string=", "--split-string ", "-vS", "-S"]
    where text.utf8.starts(with: option.utf8) {
      text = String(text.dropFirst(option.count))
      break
    }
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      if word.contains("=") { continue }
      // -i and -u clear what the search needs; quotes and ${…} are env's own language.
      guard !word.hasPrefix("-"), !word.contains(where: { "\"'\\$".contains($0) }) else {
        throw UnknownForm()
      }
      return String(word)
    }
    throw UnknownForm()
  }

  struct UnknownForm: Error {}

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
