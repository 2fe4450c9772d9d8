/// The name of an extension that a profile allows, such as `io.modelcontextprotocol/ui`.
///
/// It is a key below `extensions` or `experimental` of what a side declares, or beside the
/// capabilities that the protocol has. Whoever names one knows what it carries: an extension can
/// bring definitions that no pin looks at.
enum ExtensionName {
  static let longest = 256
  /// What the protocol has without a rule of its own.
  private static let plain = [
    "completions", "experimental", "extensions", "prompts", "resources", "tools",
  ]

  static func parse(_ text: String) throws(ValueFault) -> String {
    if Capability(rawValue: text) != nil {
      throw ValueFault(
        .badName, "\(Printable.quoted(text)) is no extension",
        hint: "it has a field of its own: \"protocol\": { \"\(text)\": \"allow\" }")
    }
    if plain.contains(where: { $0.hasSameBytes(as: text) }) {
      throw ValueFault(
        .badName, "\(Printable.quoted(text)) is no extension",
        hint: "it is a part of the protocol and needs no name here")
    }
    if text.hasSameBytes(as: "*") {
      throw ValueFault(
        .badName, "extensions can't be allowed all at once",
        hint: "name each: one can carry definitions that nobody reviews")
    }
    guard !text.isEmpty, text.utf8.count <= longest,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw ValueFault(
        .badName, "\(Printable.quoted(text)) is not an extension's name",
        hint: "1 to \(longest) characters of ASCII without spaces, "
          + "as in \"io.modelcontextprotocol/ui\"")
    }
    return text
  }
}
