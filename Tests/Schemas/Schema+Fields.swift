public import JSON

/// All that a schema allows: every property, the optional ones included.
extension Schema {
  /// An instance that has everything that the definition names, as JSON.
  public func wholeExample(_ definition: JSONString) -> String {
    definitions[definition].map { whole($0, depth: 0) } ?? "null"
  }

  /// The names of all properties of a definition and of what it refers to, however deep. Found
  /// without regard to how an instance is made, so that the two can be compared.
  public func propertyNames(below definition: JSONString) -> Set<String> {
    var names: Set<String> = []
    var seen: Set<JSONString> = [definition]
    var open = definitions[definition].map { [$0] } ?? []
    while let node = open.popLast() {
      for member in node["properties"]?.object ?? [] { names.insert(member.key.string) }
      for reference in references(in: node) where seen.insert(reference).inserted {
        if let target = definitions[reference] { open.append(target) }
      }
      open += (node.object ?? []).map(\.value)
      open += node.array ?? []
    }
    return names
  }

  /// A key that no schema names.
  public static let freeKey = "com.example/free"
  /// Values of any depth are described by themselves.
  private static let deepest = 8

  private func whole(_ node: JSONNode, depth: Int) -> String {
    if let choice = node["const"] ?? node["enum"]?.array?.first { return text(choice.string) }
    let alternatives = (node["anyOf"] ?? node["oneOf"])?.array ?? []
    // Of what can be anything the last is a plain value.
    if let last = alternatives.last, node["properties"] == nil { return whole(last, depth: depth) }
    if depth < Self.deepest, let reference = references(in: node).first,
      let target = definitions[reference]
    {
      return whole(target, depth: depth + 1)
    }
    let parts = [node] + (node["allOf"]?.array ?? []).flatMap(resolved)
    let properties = parts.flatMap { $0["properties"]?.object ?? [] }
    let type = (node["type"]?.string ?? node["type"]?.array?.first?.string)?.string
    switch type {
    case "string":
      return text(JSONString(node["format"]?.string == "uri" ? "https://a.example/x" : "x"))
    case "integer", "number": return "1"
    case "boolean": return "true"
    case "array":
      return "[\(node["items"].map { whole($0, depth: depth + 1) } ?? #""x""#)]"
    default:
      var members = properties.map {
        "\(text($0.key)): \(whole($0.value, depth: depth + 1))"
      }
      if members.isEmpty || node["additionalProperties"]?.object != nil {
        let free = node["additionalProperties"].flatMap { $0.object == nil ? nil : $0 }
        let value = depth < Self.deepest ? free.map { whole($0, depth: depth + 1) } : nil
        members.append("\(text(JSONString(Self.freeKey))): \(value ?? #""x""#)")
      }
      return "{\(members.joined(separator: ", "))}"
    }
  }

  private func resolved(_ node: JSONNode) -> [JSONNode] {
    [node] + references(in: node).compactMap { definitions[$0] }
  }

  private func text(_ string: JSONString?) -> String {
    guard let string else { return "null" }
    var writer = JSONWriter()
    writer.string(string)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
