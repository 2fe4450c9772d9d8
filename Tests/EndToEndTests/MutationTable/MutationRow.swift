import JSON
import MCP
import Schemas

/// One field of one item, and the item before and after this field alone has changed.
struct MutationRow: Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case tool, prompt, resource
    case resourceTemplate = "resource-template"

    var definition: JSONString {
      switch self {
      case .tool: "Tool"
      case .prompt: "Prompt"
      case .resource: "Resource"
      case .resourceTemplate: "ResourceTemplate"
      }
    }
    var method: String {
      switch self {
      case .tool: "tools/list"
      case .prompt: "prompts/list"
      case .resource: "resources/list"
      case .resourceTemplate: "resources/templates/list"
      }
    }
    var listKey: String {
      self == .resourceTemplate ? "resourceTemplates" : String(method.dropLast("/list".count))
    }
    /// What tells two items apart.
    var nameKey: String {
      switch self {
      case .tool, .prompt: "name"
      case .resource: "uri"
      case .resourceTemplate: "uriTemplate"
      }
    }

    func name(_ number: Int) -> String {
      switch self {
      case .tool, .prompt: "item\(number)"
      case .resource: "memo://item\(number)"
      case .resourceTemplate: "memo://item\(number)/{x}"
      }
    }

    /// A request that uses an item.
    func use(_ name: String) -> Value {
      switch self {
      case .tool: ["tools/call", ["name": .string(name), "arguments": [:]]]
      case .prompt: ["prompts/get", ["name": .string(name)]]
      case .resource: ["resources/read", ["uri": .string(name)]]
      case .resourceTemplate:
        [
          "completion/complete",
          [
            "ref": ["type": "ref/resource", "uri": .string(name)],
            "argument": ["name": "x", "value": "y"],
          ],
        ]
      }
    }
    var refusal: Value { self == .tool ? "isError" : -32602 }
  }

  let kind: Kind
  let path: [FieldStep]
  let what: String
  let name: String
  let changedName: String
  /// As they go over the wire.
  let before: String
  let after: String

  var isOfName: Bool { name != changedName }
  var title: String { "\(kind.rawValue) \(path.map(\.description).joined(separator: ".")) \(what)" }

  /// A resource's size is its content's, and what is pinned is the definition.
  static func isOutside(_ kind: Kind, _ path: [FieldStep]) -> Bool {
    kind == .resource && path == [.key("size")]
  }

  /// Every field of the kind, changed and left out, in an item that has all of them.
  static func all(_ kind: Kind, in version: ProtocolVersion) throws -> [MutationRow] {
    let whole = try example(kind, in: version)
    var rows: [MutationRow] = []
    func add(_ path: [FieldStep], _ what: String, _ after: (Value) -> Value) throws {
      let name = kind.name(rows.count)
      let before = whole.replacing([.key(kind.nameKey)], with: .string(name))
      let changed = after(before)
      rows.append(
        MutationRow(
          kind: kind, path: path, what: what, name: name,
          changedName: changed[kind.nameKey].string ?? "", before: try before.text,
          after: try changed.text))
    }
    try add([.key("x-unknown")], "added") { $0.changed }
    for (path, value) in whole.insides where !isOutside(kind, path) {
      try add(path, "changed") { $0.replacing(path[...], with: value.changed(at: path, in: $0)) }
      // What has no name is no item.
      guard path != [.key(kind.nameKey)] else { continue }
      try add(path, "left out") { $0.replacing(path[...], with: nil) }
    }
    return rows
  }

  static func example(_ kind: Kind, in version: ProtocolVersion) throws -> Value {
    var item = try Value.parse(Schema(version).wholeExample(kind.definition))
    // `_meta` and what no schema names are in an item of any version.
    if item["_meta"] == .null {
      item = item.replacing([.key("_meta")], with: ["com.example/free": ["deep": ["x"]]])
    }
    item = item.replacing([.key("x-vendor")], with: ["deep": ["x", 1]])
    guard kind == .tool else { return item }
    for schema in ["inputSchema", "outputSchema"] where item[schema] != .null {
      item = item.replacing([.key(schema), .key("properties")], with: ["path": parameter])
      item = item.replacing([.key(schema), .key("$defs")], with: ["shared": parameter])
      item = item.replacing([.key(schema), .key("description")], with: "x")
    }
    return item
  }

  /// A parameter with what JSON Schema has for it, and what MCP adds.
  private static let parameter: Value = [
    "type": "string", "title": "x", "description": "x", "default": "a", "enum": ["a", "b"],
    "const": "a", "examples": ["a"], "pattern": "^a$", "format": "uri", "minLength": 1,
    "$ref": "#/$defs/shared", "$comment": "x", "deprecated": true, "x-mcp-header": "X-Path",
    "items": ["description": "x"], "anyOf": [["description": "x"]],
    "properties": ["inner": ["description": "x", "default": 1]], "required": ["inner"],
    "additionalProperties": false, "if": ["description": "x"],
    "patternProperties": ["^x": ["description": "x"]],
  ]
}

extension Value {
  /// The changed value of what stands there in an item with a name of its own.
  fileprivate func changed(at path: [FieldStep], in item: Value) -> Value {
    path.count == 1 && path.first.map { item[$0.description].string != nil } == true
      ? item[path[0].description].changed : changed
  }
}
