/// How single options are read.
enum OptionRule {
  /// `NAME` or `NAME=VALUE`.
  static func variable(_ text: String) throws(ValueFault) -> Variable {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      return try VariableRule.passed(VariableRule.name(text))
    }
    return try VariableRule.literal(
      VariableRule.name(String(text[..<equals])), String(text[text.utf8.index(after: equals)...]))
  }

  /// `NAME=SOURCE`. What is not of this form may be the secret itself: messages don't repeat it.
  static func secret(
    _ text: String, _ expansion: PathExpansion
  ) throws(ValueFault) -> SecretGrant {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")),
      VariableRule.isName(String(text[..<equals]))
    else {
      throw ValueFault(
        .badSource, "a secret is written NAME=SOURCE",
        hint: "as in --secret GITHUB_TOKEN=env:GITHUB_TOKEN")
    }
    let source = String(text[text.utf8.index(after: equals)...])
    guard source.hasPrefix("env:") || source.hasPrefix("file:") else {
      throw ValueFault(
        .badSource, "the source of a secret is env:VARIABLE or file:PATH",
        hint: "a value on the command line shows in the process list: put it into a variable")
    }
    let name = try SecretGrant.name(String(text[..<equals]))
    return SecretGrant(
      name: name, source: try SecretGrant.source(source, expansion: expansion, trust: .named))
  }

  /// One of an enumeration's words.
  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String
  ) throws(ValueFault) -> Choice where Choice.RawValue == String {
    guard let choice = Choice.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
      throw ValueFault(
        .impossibleValue, "can't be \(Printable.quoted(text))",
        hint: Suggestion.hint(for: text, in: Choice.allCases.map(\.rawValue)))
    }
    return choice
  }
}
