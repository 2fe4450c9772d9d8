public import JSON

/// Where in an item a field stands.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  public enum Step: Hashable, Sendable {
    case key(JSONString)
    case index(Int)
    /// An element of a list, found by its name.
    case named(JSONString)
  }

  public let steps: [Step]

  init(_ steps: [Step] = []) {
    self.steps = steps
  }

  func appending(_ step: Step) -> FieldPath { FieldPath(steps + [step]) }

  /// Such as `inputSchema.properties.path.description`, safe to show; empty for the whole item. A
  /// key that is no plain word is written as `["…"]`.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key) where FieldPath.isPlain(key):
        text += (text.isEmpty ? "" : ".") + key.string
      case .key(let key):
        text += "[\"\(Rendering.line(key, limit: 120))\"]"
      case .index(let index):
        text += "[\(index)]"
      case .named(let name):
        text += "[name=\(Rendering.line(name, limit: 120))]"
      }
    }
    return text
  }

  /// Whether the last key is one that could carry a sentence to a model.
  var endsInProse: Bool {
    guard case .key(let key)? = steps.last else { return false }
    return !FieldPath.isPlain(key)
  }

  private static func isPlain(_ key: JSONString) -> Bool {
    (1...48).contains(key.utf8.count)
      && key.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "$"):
          true
        default: false
        }
      }
  }
}
