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
  public var description: String { Rendering.line(pieces) }

  /// The keys are the server's words: a line of them is broken like any other text of its.
  var pieces: [Rendering.Piece] {
    var pieces: [Rendering.Piece] = []
    for step in steps {
      switch step {
      case .key(let key) where FieldPath.isPlain(key):
        if !pieces.isEmpty { pieces.append(.own(".")) }
        pieces.append(.server(key.utf8[...]))
      case .key(let key): pieces += [.own("[")] + FieldPath.quoted(key) + [.own("]")]
      case .index(let index): pieces.append(.own("[\(index)]"))
      case .named(let name) where FieldPath.isPlain(name):
        pieces += [.own("[name="), .server(name.utf8[...]), .own("]")]
      case .named(let name): pieces += [.own("[name=")] + FieldPath.quoted(name) + [.own("]")]
      }
    }
    return pieces
  }

  /// In quotes, with those of its own escaped: where it ends cannot be forged.
  private static func quoted(_ text: JSONString) -> [Rendering.Piece] {
    let limit = 120
    var pieces: [Rendering.Piece] = [.own("\"")]
    var end = min(limit, text.utf8.count)
    while end > 0, end < text.utf8.count, text.utf8[end] & 0xC0 == 0x80 { end -= 1 }
    var rest = text.utf8[..<end]
    while let next = rest.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    ) {
      pieces.append(.server(rest[..<next]))
      pieces.append(.own(rest[next] == UInt8(ascii: "\"") ? "\\\"" : "\\\\"))
      rest = rest[(next + 1)...]
    }
    pieces.append(.server(rest))
    if text.utf8.count > limit { pieces.append(.own(Rendering.cut(text.utf8.count))) }
    return pieces + [.own("\"")]
  }

  /// Whether the last key is one that could carry a sentence to a model.
  var endsInProse: Bool {
    guard case .key(let key)? = steps.last else { return false }
    return !FieldPath.isPlain(key)
  }

  /// Whether one of the keys is a sentence.
  var hasSentence: Bool {
    steps.contains { step in
      guard case .key(let key) = step else { return false }
      return SchemaWord.isSentence(key.utf8)
    }
  }

  static func isPlain(_ key: JSONString) -> Bool {
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
