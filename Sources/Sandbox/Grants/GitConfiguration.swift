/// The one setting of a repository that says where else its hooks are.
enum GitConfiguration {
  /// `core.hooksPath` as written, quotes taken off; nil where it is not set. Of several the last
  /// holds, as in git.
  static func hooksPath(in text: [UInt8]) -> String? {
    var isCore = false
    var path: ArraySlice<UInt8> = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = trimmed(line)
      if line.first == UInt8(ascii: "[") {
        isCore = begins(line, with: "[core]")
      } else if isCore, let equals = line.firstIndex(of: UInt8(ascii: "=")),
        begins(line, with: "hookspath"), trimmed(line[..<equals]).count == "hookspath".utf8.count
      {
        path = trimmed(line[(equals + 1)...])
      }
    }
    let plain = path.filter { $0 != UInt8(ascii: "\"") }
    return plain.isEmpty ? nil : String(decoding: plain, as: UTF8.self)
  }

  /// - Parameter word: in small letters.
  private static func begins(_ line: ArraySlice<UInt8>, with word: String) -> Bool {
    line.prefix(word.utf8.count).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
      .elementsEqual(word.utf8)
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let rest = text.drop(while: isSpace)
    return rest.lastIndex { !isSpace($0) }.map { rest[...$0] } ?? []
  }
}
