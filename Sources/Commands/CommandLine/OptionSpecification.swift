/// One long option: what the parser accepts, the help prints and the shells complete.
struct OptionSpecification: Sendable {
  /// What a shell offers for the option's value.
  enum Completion: Sendable { case nothing, path, variable }

  /// Without the two dashes.
  let name: String
  /// The value's placeholder in the help; nil for a flag.
  let value: String?
  /// May be given more than once.
  let repeatable: Bool
  let help: String
  /// The only values accepted; empty where any is.
  let choices: [String]
  let completion: Completion
  /// Recognised, so that it can be refused by name, but not offered in help and completions.
  let hidden: Bool

  static func flag(_ name: String, _ help: String) -> OptionSpecification {
    OptionSpecification(
      name: name, value: nil, repeatable: false, help: help, choices: [], completion: .nothing,
      hidden: false)
  }

  static func value(
    _ name: String, _ value: String, _ help: String, repeatable: Bool = false,
    completion: Completion = .nothing, hidden: Bool = false
  ) -> OptionSpecification {
    OptionSpecification(
      name: name, value: value, repeatable: repeatable, help: help, choices: [],
      completion: completion, hidden: hidden)
  }

  static func choice(
    _ name: String, _ choices: [String], _ help: String
  ) -> OptionSpecification {
    OptionSpecification(
      name: name, value: choices.joined(separator: "|"), repeatable: false, help: help,
      choices: choices, completion: .nothing, hidden: false)
  }

  static let help = flag("help", "show this help")
  static let format = choice("format", ["text", "json"], "text for people, json for programs")
}
