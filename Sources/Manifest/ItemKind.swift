public import JSON

/// What a definition is. The raw value is the word in commands, files and JSON output, and part
/// of the digest.
public enum ItemKind: String, CaseIterable, Comparable, Sendable {
  case launch
  case capabilities
  case instructions
  case tool
  /// The body of a `ui://` resource that a tool refers to: the interface that a host shows for it.
  case uiResource = "ui-resource"
  case prompt
  case resourceTemplate = "resource-template"
  case resource

  /// Nil for another word; compared byte by byte.
  public init?(word: JSONString) {
    guard let kind = ItemKind.allCases.first(where: { $0.word == word }) else { return nil }
    self = kind
  }

  public var word: JSONString { JSONString(rawValue) }

  /// Whether an unapproved item is withheld. Many servers list resources dynamically: those are
  /// reported only.
  public var isWithheld: Bool { self != .resource }

  /// Whether a server has one of it at most, with an empty name.
  public var isSingle: Bool {
    switch self {
    case .launch, .capabilities, .instructions: true
    case .tool, .uiResource, .prompt, .resourceTemplate, .resource: false
    }
  }

  /// In a sentence.
  var withArticle: String {
    switch self {
    case .launch: "the launch"
    case .capabilities: "the set of capabilities"
    case .instructions: "the text of instructions"
    case .tool: "a tool"
    case .uiResource: "a tool's interface"
    case .prompt: "a prompt"
    case .resourceTemplate: "a resource template"
    case .resource: "a resource"
    }
  }

  private var rank: Int { ItemKind.allCases.firstIndex(of: self) ?? 0 }

  /// The order in which items are shown: what matters most first.
  public static func < (left: ItemKind, right: ItemKind) -> Bool { left.rank < right.rank }
}
