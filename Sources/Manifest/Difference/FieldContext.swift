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
  /// Names and types that a schema or definition is made of.
  case keyword
  /// Capabilities and launches, which no model reads.
  case structure
  case hints, appearance

  init(item kind: ItemKind) {
    self =
      switch kind {
      case .tool: .tool
      case .prompt, .resourceTemplate, .resource, .uiResource: .definition
      case .instructions: .text
      case .capabilities, .launch: .structure
      }
  }

  /// The context of a member.
  func member(_ key: JSONString) -> FieldContext {
    switch self {
    case .tool, .definition:
      switch key {
      case "inputSchema", "outputSchema": .schema
      case "annotations": .hints
      case "icons", "_meta": .appearance
      case "execution", "uri", "uriTemplate", "mimeType", "size": .keyword
      default: .text
      }
    case .schema:
      if FieldContext.schemaMaps.contains(key) {
        .schemas
      } else if FieldContext.keywords.contains(key) {
        .keyword
      } else if FieldContext.data.contains(key) {
        .text
      } else {
        .schema
      }
    case .schemas: .schema
    // What a host is to show for a tool, and what that may do.
    case .appearance:
      key == "ui" || key.utf8.starts(with: "ui/".utf8) ? .keyword : .appearance
    case .text, .keyword, .structure, .hints: self
    }
  }

  /// - Parameter isNewKey: whether a key on the way to the field came or went with it, and is one that
  ///   could carry a sentence.
  func fieldClass(_ node: JSONNode, at path: FieldPath, isNewKey: Bool) -> Difference.Class {
    switch self {
    case .structure: .structure
    case .appearance: FieldContext.refersToInterface(node) ? .structure : .appearance
    case .hints: node.string == nil && !isNewKey && !path.endsInProse ? .hints : .modelText
    case .keyword: isNewKey || FieldContext.isProse(node) ? .modelText : .structure
    case .tool, .definition, .text, .schema, .schemas:
      node.string != nil || isNewKey || path.endsInProse ? .modelText : .structure
    }
  }

  /// Whether the order of a list's elements means nothing here but what a reader makes of it.
  func isOrderFree(_ key: JSONString) -> Bool {
    switch self {
    case .keyword: key == "required" || key == "type"
    case .text: key == "enum"
    case .tool, .definition, .schema, .schemas, .structure, .hints, .appearance: false
    }
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
  private static let data: Set<JSONString> = ["enum", "const", "default", "examples", "example"]
}
