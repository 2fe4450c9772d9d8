import CLinux
import Glibc

/// The process's own argument vector, before anything repaired it.
enum ProcessArguments {
  static func bytes() -> [[UInt8]] {
    // Each entry is ended by a zero byte and alive as long as the process.
    (0..<clinux_argument_count()).map { index in
      guard let word = unsafe clinux_argument(index) else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))
    }
  }

  /// Arguments that are not UTF-8 are refused: changed silently, another file would be meant.
  static func text(_ words: [[UInt8]]) throws(CommandError) -> [String] {
    var texts: [String] = []
    for (index, word) in words.enumerated() {
      guard let text = String(validating: word, as: UTF8.self) else {
        throw CommandError(.usage, "argument \(index) is not UTF-8")
      }
      texts.append(text)
    }
    return texts
  }
}
