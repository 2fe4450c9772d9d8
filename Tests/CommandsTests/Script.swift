import Glibc
import Kernel

/// A command-line script: commands with the output and status that they must have.
///
/// `$ command`, then `> line` of stdout, `! line` of stderr and `? status`; a status of 0 need not
/// be written. `#` begins a comment. Words in single quotes keep their spaces.
struct Script {
  struct Step {
    let line: Int
    let arguments: [String]
    var output = ""
    var messages = ""
    var status: Int32 = 0
  }

  let steps: [Step]

  /// `Tests/run` names the repository when the tests run from a copy of it.
  private static let folder =
    unsafe getenv("CORDON_TEST_ROOT").map { root in
      unsafe String(cString: root) + "/Tests/CommandsTests/Scripts"
    } ?? Files.parent(of: #filePath) + "/Scripts"

  init(named name: String, replacing values: [String: String] = [:]) throws {
    let path = Self.folder + "/\(name).txt"
    var text = String(decoding: try Files.read(path, limit: 1 << 20), as: UTF8.self)
    for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
    self.init(text: text)
  }

  init(text: String) {
    var steps: [Step] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let body = String(line.dropFirst(2))
      switch line.first {
      case "$": steps.append(Step(line: index + 1, arguments: Self.words(body)))
      case ">" where !steps.isEmpty: steps[steps.count - 1].output += body + "\n"
      case "!" where !steps.isEmpty: steps[steps.count - 1].messages += body + "\n"
      case "?" where !steps.isEmpty: steps[steps.count - 1].status = Int32(body) ?? -1
      default: break
      }
    }
    self.steps = steps
  }

  /// The words after `cordon`.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quoted = false
    for character in line {
      if character == "'" {
        quoted.toggle()
        word = word ?? ""
      } else if character == " ", !quoted {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return Array(words.dropFirst())
  }
}
