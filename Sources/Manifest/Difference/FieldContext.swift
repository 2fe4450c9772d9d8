import JSON

/// What a place in an item is for, from which a field's class follows.
enum FieldContext: Equatable {
  case tool
  /// A prompt's, template's or resource's object, or one of a resource's contents.
  case definition
  /// Anything that a model may be shown, however deep.
  case text
  /// A JSON Schema, and a map from names to such.
  case schema, schemas
  /// The values that a schema allows.
  case choices
  /// Names and types that a definition is made of.
  case keyword
  /// The same of a schema, and what its parameters are called.
  case schemaWord(parameters: Set<JSONString>)
  /// Capabilities and launches, which no model reads.
  case structure
  case hints, appearance
  /// `_meta`, which may be given to a model.
  case metadata

  init(item kind: ItemKind) {
    self =
      switch kind {
      case .tool: .tool
      case .prompt, .resourceTemplate, .resource, .uiResource: .definition
      case .instructions: .text
      case .capabilities, .launch: .structure
      }
  }

  /// - Parameter members: all that stand beside it.
  func member(_ key: JSONString, of members: [JSONMember]) -> FieldContext {
    switch self {
    case .tool, .definition:
      switch key {
      case "inputSchema", "outputSchema": .schema
      case "annotations": .hints
      case "icons": .appearance
      case "_meta": .metadata
      case "execution", "uri", "uriTemplate", "mimeType", "size": .keyword
      default: .text
      }
    case .schema:
      if FieldContext.schemaMaps.contains(key) {
        .schemas
      } else if FieldContext.keywords.contains(key) {
        .schemaWord(
          parameters: key == "required" ? FieldContext.parameters(members) : [])
      } else if key == "enum" {
        .choices
      } else if FieldContext.data.contains(key) {
        .text
      } else {
        .schema
      }
    case .schemas: .schema
    // What a host is to show for a tool, and what that may do.
    case .metadata:
      key == "ui" || key.utf8.starts(with: "ui/".utf8) ? .keyword : .metadata
    case .choices: .text
    case .schemaWord: .schemaWord(parameters: [])
    case .text, .keyword, .structure, .hints, .appearance: self
    }
  }

  /// - Parameter isNewKey: whether a key on the way to the field came or went with it, and is one that
  ///   could carry a sentence.
  func fieldClass(_ node: JSONNode, at path: FieldPath, isNewKey: Bool) -> Difference.Class {
    switch self {
    case .structure: .structure
    case .appearance: FieldContext.refersToInterface(node) ? .structure : .appearance
    case .metadata:
      if FieldContext.refersToInterface(node) {
        .structure
      } else {
        path.hasSentence || node.string.map { SchemaWord.isSentence($0.utf8) } == true
          ? .modelText : .appearance
      }
    case .hints: node.string == nil && !isNewKey && !path.endsInProse ? .hints : .modelText
    case .keyword: isNewKey || FieldContext.isProse(node) ? .modelText : .structure
    case .schemaWord(let parameters):
      isNewKey
        || node.string.map { !parameters.contains($0) && !SchemaWord.isPlain($0.utf8) } == true
        ? .modelText : .structure
    case .tool, .definition, .text, .schema, .schemas, .choices:
      node.string != nil || isNewKey || path.endsInProse ? .modelText : .structure
    }
  }

  /// Whether the order of a list's elements means nothing here but what a reader makes of it.
  func isOrderFree(_ key: JSONString) -> Bool {
    switch self {
    case .schemaWord: key == "required" || key == "type"
    case .choices: true
    case .tool, .definition, .text, .schema, .schemas, .keyword, .structure, .hints, .appearance,
      .metadata:
      false
    }
  }

  var isAppearance: Bool { self == .appearance || self == .metadata }

  private static func parameters(_ members: [JSONMember]) -> Set<JSONString> {
    var names: Set<JSONString> = []
    for member in members where member.key == "properties" {
      names.formUnion((member.value.object ?? []).map(\.key))
    }
    return names
  }

  private static func refersToInterface(_ node: JSONNode) -> Bool {
    guard let text = node.string?.utf8 else { return false }
    return text.prefix(3).map(Letters.small).elementsEqual("ui:".utf8)
  }

  /// Whether a name or a type is none: words have space between them.
  private static func isProse(_ node: JSONNode) -> Bool {
    guard let text = node.string?.utf8 else { return false }
    return text.count > 160 || text.contains { $0 <= 0x20 || $0 >= 0x7F }
  }

  private static let schemaMaps: Set<JSONString> = [
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
  ]
  /// Keywords whose strings are names and types, not prose.
  private static let keywords: Set<JSONString> = [
    "type", "$ref", "$dynamicRef", "$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary",
    "format", "required", "dependentRequired", "contentEncoding", "contentMediaType",
  ]
  /// Keywords that hold values of any shape.
  private static let data: Set<JSONString> = ["const", "default", "examples", "example"]
}
