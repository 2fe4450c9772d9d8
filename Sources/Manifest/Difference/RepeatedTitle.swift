import JSON

/// Titles that say what the name beside them says: many libraries make one for every field.
enum RepeatedTitle {
  /// What a library adds to the name of a tool for its parameters and its result.
  private static let additions = ["", "arguments", "args", "input", "output", "response"]

  /// - Parameter name: what the item is called.
  static func isOne(_ title: JSONString?, at path: FieldPath, of name: JSONString?) -> Bool {
    guard let title, path.steps.last == .key("title"), path.steps.count >= 2,
      case .key(let parent) = path.steps[path.steps.count - 2], let said = letters(title)
    else { return false }
    if letters(parent) == said { return true }
    let isWhole = path.steps.count == 2 && (parent == "inputSchema" || parent == "outputSchema")
    guard isWhole, let name, let called = letters(name) else { return false }
    return additions.contains { said == called + $0.utf8 }
  }

  /// Small, and without what stands between words; nil where there is anything else.
  private static func letters(_ text: JSONString) -> [UInt8]? {
    var letters: [UInt8] = []
    for byte in text.utf8 {
      if Letters.isLetter(byte) || (0x30...0x39).contains(byte) {
        letters.append(Letters.small(byte))
      } else if !" _-".utf8.contains(byte) {
        return nil
      }
    }
    return letters.isEmpty ? nil : letters
  }
}
