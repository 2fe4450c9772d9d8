import JSON
import MCP
import Schemas

/// Every message of a version in its shortest valid form: the table says which there are, the schema
/// what they need.
struct TableWords {
  let version: ProtocolVersion
  /// What neither side declares; its methods are sent all the same.
  private let undeclared: Set<Feature>
  private let schema: Schema

  init(_ version: ProtocolVersion, undeclared: Set<Feature> = []) throws {
    self.version = version
    self.undeclared = undeclared
    schema = try Schema(version)
  }

  /// What a side sends, unknown methods included.
  ///
  /// - Parameter prefix: what the ids begin with.
  func messages(from sender: Party, ids prefix: String) -> [TableMessage] {
    let known = MethodTable.rows.filter {
      $0.sender == sender && $0.versions.union($0.carried).contains(version)
    }.enumerated().map { index, row in
      message(row, id: row.kind == .request ? "\(prefix)\(index)" : nil)
    }
    return known + [
      TableMessage("x-vendor/ask", from: sender, id: prefix + "x", params: #"{"a": [1.0, 1e2]}"#),
      TableMessage("notifications/x-vendor/told", from: sender, id: nil, params: #"{"a": "\/"}"#),
    ]
  }

  func message(_ row: MethodRow, id: String?) -> TableMessage {
    guard row.source == .schema else { return extensionMessage(row, id: id) }
    let definition = definition(of: row)
    return TableMessage(
      row.method.rawValue, from: row.sender, row: row, id: id,
      params: schema.params(of: definition, values(of: row.sender)),
      result: id.map {
        schema.result(ofRequest: definition, values(of: row.sender.other, answering: $0))
      } ?? "{}")
  }

  /// What a method could not be without: a value in an answer of the modern era.
  func carried(_ row: MethodRow) -> String {
    let params = schema.params(of: definition(of: row), values(of: .server))
    return #"{"method": "\#(row.method.rawValue)""# + (params.map { #", "params": \#($0)"# } ?? "")
      + "}"
  }

  func example(_ definition: JSONString) -> String {
    schema.example(definition, values(of: .server))
  }

  /// `_meta` of a modern request.
  var requestMeta: String { schema.example("RequestMetaObject", values(of: .client)) }

  private func definition(of row: MethodRow) -> JSONString {
    for union: JSONString in [
      "ClientRequest", "ClientNotification", "ServerRequest", "ServerNotification", "InputRequest",
    ] where union == "InputRequest" || union.string.hasPrefix(row.sender == .client ? "C" : "S") {
      if let name = schema.methods(of: union)[row.method.rawValue] { return name }
    }
    return ""
  }

  /// The tasks extension has no schema here.
  private func extensionMessage(_ row: MethodRow, id: String?) -> TableMessage {
    let more =
      switch row.method {
      case .tasksUpdate: #", "inputResponses": {}"#
      case .tasks: #", "status": "working", "createdAt": "x", "lastUpdatedAt": "x", "ttlMs": null"#
      default: ""
      }
    let meta = row.kind == .request ? #", "_meta": \#(requestMeta)"# : ""
    return TableMessage(
      row.method.rawValue, from: row.sender, row: row, id: id,
      params: #"{"taskId": "x"\#(more)\#(meta)}"#, result: #"{"resultType": "complete"}"#)
  }

  private func values(of party: Party, answering id: String = "x") -> [String: String] {
    [
      "protocolVersion": #""\#(version.name)""#,
      MetaKey.protocolVersion.string: #""\#(version.name)""#,
      "supportedVersions": #"["\#(version.name)"]"#,
      "capabilities": declaration(of: party),
      "io.modelcontextprotocol/clientCapabilities": declaration(of: .client),
      MetaKey.subscriptionID.string: #""\#(id)""#,
      "resultType": #""complete""#,
      "tools": #"[{"name": "x", "inputSchema": {"type": "object"}}]"#,
      "prompts": #"[{"name": "x"}]"#,
      "resourceTemplates": #"[{"name": "x", "uriTemplate": "x:{y}"}]"#,
    ]
  }

  /// Everything that a side can declare, as an object.
  private func declaration(of party: Party) -> String {
    let paths = Feature.allCases.filter { !undeclared.contains($0) }.flatMap(\.capabilities)
      .filter { $0.declarer == party && $0.versions.contains(version) }.map(\.path)
    // As Cordon declares it itself.
    var inner: [JSONString: String] = [:]
    for name: JSONString in ["tools", "prompts", "resources"] where party == .server {
      inner[name] = #""listChanged": true"#
    }
    for path in paths where path.count == 2 {
      let more = #""\#(path[1])": \#(path[0] == "extensions" ? "{}" : "true")"#
      inner[path[0]] = inner[path[0]].map { "\($0), \(more)" } ?? more
    }
    let outer = Set(paths.map { $0[0] }).sorted()
    return "{" + outer.map { "\"\($0)\": {\(inner[$0] ?? "")}" }.joined(separator: ", ") + "}"
  }
}
