public import JSON

/// The least that a schema allows: what is required and nothing else, with the same bytes each time.
extension Schema {
  /// The parameters of a request or notification; nil where it needs none.
  ///
  /// - Parameter values: JSON for members of these names, wherever they are required.
  public func params(of definition: JSONString, _ values: [String: String] = [:]) -> String? {
    guard let message = definitions[definition], required(of: message).contains("params"),
      let params = message["properties"]?["params"]
    else { return nil }
    return example(params, values)
  }

  /// What a request is answered with.
  public func result(ofRequest name: JSONString, _ values: [String: String] = [:]) -> String {
    let own = JSONString(name.string.dropLast("Request".count) + "Result")
    // What has no result of its own is answered with an empty one.
    return (definitions[own] ?? definitions["EmptyResult"]).map { example($0, values) } ?? "{}"
  }

  /// An instance of a definition.
  public func example(_ definition: JSONString, _ values: [String: String] = [:]) -> String {
    definitions[definition].map { example($0, values) } ?? "null"
  }

  private func example(_ node: JSONNode, _ values: [String: String]) -> String {
    if let choice = node["const"] ?? node["enum"]?.array?.first { return choice.string.quoted }
    if node["properties"] != nil || node["allOf"] != nil { return object(node, values) }
    if let reference = references(in: node).first { return example(reference, values) }
    if let first = (node["anyOf"] ?? node["oneOf"])?.array?.first { return example(first, values) }
    switch (node["type"]?.string ?? node["type"]?.array?.first?.string)?.string {
    case "string": return (node["format"]?.string == "uri" ? "x:y" : "x").quoted
    case "integer", "number": return "1"
    case "boolean": return "true"
    case "array":
      guard node["minItems"] != nil, let item = node["items"] else { return "[]" }
      return "[\(example(item, values))]"
    default: return "{}"
    }
  }

  private func object(_ node: JSONNode, _ values: [String: String]) -> String {
    let members = required(of: node).map { key in
      let value = values[key.string] ?? property(key, of: node).map { example($0, values) }
      return "\(key.quoted): \(value ?? "null")"
    }
    return "{\(members.joined(separator: ", "))}"
  }

  /// The node and what it is all of, references followed.
  private func parts(of node: JSONNode) -> [JSONNode] {
    let reference = (node["$ref"] == nil ? [] : references(in: node)).compactMap { definitions[$0] }
    return [node] + (reference + (node["allOf"]?.array ?? [])).flatMap { parts(of: $0) }
  }

  private func required(of node: JSONNode) -> [JSONString] {
    parts(of: node).flatMap { $0["required"]?.array?.compactMap(\.string) ?? [] }
  }

  private func property(_ key: JSONString, of node: JSONNode) -> JSONNode? {
    parts(of: node).lazy.compactMap { $0["properties"]?[key] }.first
  }
}

extension JSONString {
  fileprivate var quoted: String {
    var writer = JSONWriter()
    writer.string(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension JSONString? {
  fileprivate var quoted: String { self?.quoted ?? "null" }
}

extension String {
  fileprivate var quoted: String { JSONString(self).quoted }
}
