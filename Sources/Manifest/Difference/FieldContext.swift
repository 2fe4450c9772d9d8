import JSON

/// What a place in an item is for, from which a field's class follows.
enum FieldContext: Equatable {
  case tool
  /// A prompt's, template's or resource's object.
  case definition
  case text
  /// A JSON Schema, and a map from names to such.
  case schema, schemas
  case structure, hints, appearance

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
      case "execution", "uri", "uriTemplate", "mimeType", "size": .structure
      default: .text
      }
    case .text:
      key == "icons" || key == "_meta" ? .appearance : .text
    case .schema:
      if FieldContext.schemaMaps.contains(key) {
        .schemas
      } else if FieldContext.keywords.contains(key) {
        .structure
      } else if FieldContext.data.contains(key) {
        .text
      } else {
        .schema
      }
    case .schemas: .schema
    case .structure, .hints, .appearance: self
    }
  }

  func fieldClass(_ node: JSONNode, at path: FieldPath) -> Difference.Class {
    switch self {
    case .structure: .structure
    case .appearance: .appearance
    case .hints: node.string == nil ? .hints : .modelText
    case .tool, .definition, .text, .schema, .schemas:
      node.string != nil || path.endsInProse ? .modelText : .structure
    }
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
