import JSON
import MCP

/// Names of capabilities, and below each those that it may have.
struct CapabilityNames {
  let names: [(name: JSONString, below: CapabilityNames)]

  private static let none = CapabilityNames(names: [])

  /// What a client can declare: in every version, and what the profile names.
  static func client(_ extensions: Set<JSONString>) -> CapabilityNames {
    let named = extensions.union([ExtensionName.tasks]).sorted().map { ($0, none) }
    return CapabilityNames(names: [
      ("sampling", of("context", "tools")),
      ("elicitation", of("form", "url")),
      ("roots", none),
      (
        "tasks",
        CapabilityNames(names: [
          ("list", none), ("cancel", none),
          (
            "requests",
            CapabilityNames(names: [
              ("sampling", of("createMessage")), ("elicitation", of("create")),
            ])
          ),
        ])
      ),
      ("extensions", CapabilityNames(names: named)),
    ])
  }

  private static func of(_ names: JSONString...) -> CapabilityNames {
    CapabilityNames(names: names.map { ($0, none) })
  }

  /// The object again with nothing but these names in it, in their order.
  func known(in object: ObjectView) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      for (name, below) in names {
        guard let value = object.object(name) else { continue }
        writer.member(name) { $0.raw(below.known(in: value)) }
      }
    }
    return writer.bytes
  }
}
