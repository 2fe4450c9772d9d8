import JSON
import MCP

/// What a request of the host's uses of a server's lists, other than a tool.
struct Use {
  /// The list that has it.
  let kind: ListKind
  let name: JSONString
  /// It reads what a host renders.
  let isInterface: Bool

  init(_ kind: ListKind, _ name: JSONString, isInterface: Bool = false) {
    self.kind = kind
    self.name = name
    self.isInterface = isInterface
  }

  /// What a request turns out to use.
  enum Reading {
    /// Nothing that is decided about.
    case nothing
    case use(Use)
    case malformed(reason: String, words: String)
  }

  /// - Parameter referred: what listed tools have a host render.
  static func read(_ method: Method, _ params: ObjectView?, referred: Set<JSONString>) -> Reading {
    switch method {
    case .promptsGet: prompt(params)
    case .complete: completion(params)
    case .resourcesRead: resource(params, referred)
    default: .nothing
    }
  }

  private static func prompt(_ params: ObjectView?) -> Reading {
    guard let params, let name = params.string("name") else { return nameless("params.name") }
    guard !params.hasLookalike(of: ["name"]) else { return lookalike("params", "name") }
    return .use(Use(.prompts, name))
  }

  private static func completion(_ params: ObjectView?) -> Reading {
    guard let params else { return .nothing }
    guard !params.hasLookalike(of: ["ref"]) else { return lookalike("params", "ref") }
    guard let ref = params.object("ref") else { return .nothing }
    guard !ref.hasLookalike(of: ["type", "name", "uri"]) else {
      return lookalike("params.ref", "type, name or uri")
    }
    switch ref.string("type") {
    case "ref/prompt":
      guard let name = ref.string("name") else { return nameless("params.ref.name") }
      return .use(Use(.prompts, name))
    case "ref/resource":
      guard let uri = ref.string("uri") else { return nameless("params.ref.uri") }
      return .use(Use(.resourceTemplates, uri))
    // What no version knows the host's and the server's extensions may.
    default: return .nothing
    }
  }

  private static func resource(_ params: ObjectView?, _ referred: Set<JSONString>) -> Reading {
    guard let params else { return .nothing }
    guard !params.hasLookalike(of: ["uri"]) else { return lookalike("params", "uri") }
    guard let member = params.member("uri") else { return .nothing }
    // Some servers make a text of whatever stands there.
    guard member.kind == .string, let uri = params.string("uri") else {
      return nameless("params.uri")
    }
    let isInterface = InterfaceReference.isInterface(uri) || referred.contains(uri)
    return .use(Use(.resources, uri, isInterface: isInterface))
  }

  private static func nameless(_ field: String) -> Reading {
    .malformed(reason: "use-without-name", words: "\(field) must be a string")
  }

  private static func lookalike(_ place: String, _ keys: String) -> Reading {
    .malformed(
      reason: "lookalike-key", words: "\(place) has a key that some readers take for \(keys)")
  }
}
