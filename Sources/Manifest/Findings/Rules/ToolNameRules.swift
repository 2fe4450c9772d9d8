import JSON

/// Mentions of other tools: a description that steers a model away from them, or towards them.
struct ToolNameRules {
  /// Names that are no ordinary words: a tool `search` is named wherever something is searched.
  struct Names: Sendable {
    fileprivate let hashes: Set<UInt64>

    init(_ names: [JSONString]) {
      hashes = Set(names.filter(ToolNameRules.isDistinctive).map(ToolNameRules.hash))
    }
  }

  private let names: Names
  private let own: UInt64

  init(_ names: Names, own: JSONString?) {
    self.names = names
    self.own = own.map(ToolNameRules.hash) ?? 0
  }

  func find(in text: FoldedText, _ marks: inout Marks) {
    let bytes = text.bytes
    var index = 0
    while index < bytes.count {
      guard ToolNameRules.isName(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, ToolNameRules.isName(bytes[index]) { index += 1 }
      var end = index
      while end > start, "-._".utf8.contains(bytes[end - 1]) { end -= 1 }
      let hash = FoldedText.hash(bytes[start..<end])
      if bytes[start..<end].starts(with: "mcp__".utf8) {
        marks.add(.otherTool, text.original(start..<end), "names a tool as a host names it")
      } else if hash != own, names.hashes.contains(hash) {
        marks.add(.otherTool, text.original(start..<end), "names another tool of this server")
      }
    }
  }

  private static func hash(_ name: JSONString) -> UInt64 {
    FoldedText.hash(name.utf8.map(Letters.small))
  }

  private static func isDistinctive(_ name: JSONString) -> Bool {
    name.utf8.count >= 4
      && name.utf8.dropFirst().contains { "_-.".utf8.contains($0) || (0x41...0x5A).contains($0) }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    FoldedText.isWord(byte) && byte != UInt8(ascii: "'") || "-.".utf8.contains(byte)
  }
}
