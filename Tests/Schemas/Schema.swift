import Foundation
public import JSON
public import MCP

/// The published schema of one version, as far as methods and capabilities go.
public struct Schema: Sendable {
  let definitions: JSONNode

  /// Throws where the file is not there, or is no schema.
  public init(_ version: ProtocolVersion) throws {
    let path = "\(Self.root)/mcp-schema/\(version.name)/schema.json"
    let document = try JSONReader.parse(Array(Data(contentsOf: URL(filePath: path))))
    guard let definitions = document["$defs"] ?? document["definitions"] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    self.definitions = definitions
  }

  private static let root: String =
    ProcessInfo.processInfo.environment["CORDON_TEST_DATA"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Data").path(percentEncoded: false)

  /// The methods of the definitions that a union names, with the names of those.
  public func methods(of union: JSONString) -> [String: JSONString] {
    guard let node = definitions[union] else { return [:] }
    var found: [String: JSONString] = [:]
    for (name, definition) in alternatives(of: node, named: union) {
      guard let method = method(of: definition) else { continue }
      found[method] = name
    }
    return found
  }

  /// Every method that any definition names, in a union or not.
  public var allMethods: Set<String> {
    Set((definitions.object ?? []).compactMap { method(of: $0.value) })
  }

  /// The capabilities that a definition lists, and those inside them.
  public func capabilities(_ name: JSONString) -> Set<[JSONString]> {
    var found: Set<[JSONString]> = []
    for outer in definitions[name]?["properties"]?.object ?? [] {
      found.insert([outer.key])
      for inner in outer.value["properties"]?.object ?? [] { found.insert([outer.key, inner.key]) }
    }
    return found
  }

  /// The names of the results that answer a request; empty where the schema does not say.
  public func results(ofRequest name: JSONString) -> Set<String> {
    let prefix = String(name.string.dropLast("Request".count))
    guard let result = definitions[JSONString(prefix + "ResultResponse")]?["properties"]?["result"]
    else { return [] }
    return Set(references(in: result).map(\.string))
  }

  /// Whether every result of this name must say how long it may be kept.
  public func isCacheable(result name: String) -> Bool {
    let required = definitions[JSONString(name)]?["required"]?.array?.compactMap(\.string) ?? []
    return required.contains("ttlMs")
  }

  /// Whether the parameters of a request can ask for a task.
  public func takesTask(request name: JSONString) -> Bool {
    guard let params = definitions[name]?["properties"]?["params"] else { return false }
    return hasTask(params)
  }

  private func hasTask(_ node: JSONNode) -> Bool {
    node["properties"]?["task"] != nil
      || references(in: node).contains { definitions[$0].map(hasTask) ?? false }
  }

  private func method(of definition: JSONNode) -> String? {
    definition["properties"]?["method"]?["const"]?.string?.string
  }

  private func alternatives(
    of node: JSONNode, named name: JSONString
  ) -> [(name: JSONString, node: JSONNode)] {
    let names = references(in: node)
    guard !names.isEmpty else { return [(name, node)] }
    return names.compactMap { name in definitions[name].map { (name, $0) } }
  }

  /// The definitions that a node stands for: one, or any of several.
  func references(in node: JSONNode) -> [JSONString] {
    ([node] + (node["anyOf"]?.array ?? [])).compactMap { node in
      guard let path = node["$ref"]?.string?.string, let name = path.split(separator: "/").last
      else { return nil }
      return JSONString(String(name))
    }
  }
}
