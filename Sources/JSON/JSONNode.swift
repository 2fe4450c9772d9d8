/// A value and where it stands in the document.
///
/// Only the reader makes nodes, so no tree is deeper than the reader's limit and walking one by
/// recursion is safe.
public struct JSONNode: Sendable {
  /// Byte offsets in the source, from the value's first byte to past its last.
  public let range: Range<Int>
  public let value: JSONValue

  init(range: Range<Int>, value: JSONValue) {
    self.range = range
    self.value = value
  }
}

public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(JSONString)
  case array([JSONNode])
  /// Members in the document's order; no key occurs twice.
  case object([JSONMember])
}

public struct JSONMember: Sendable {
  public let key: JSONString
  /// Byte offsets of the key, its quotes included.
  public let keyRange: Range<Int>
  public let value: JSONNode
}

extension JSONNode {
  /// The member with this key; nil when there is none or this is not an object.
  public subscript(_ key: JSONString) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.value
  }

  public var string: JSONString? {
    guard case .string(let string) = value else { return nil }
    return string
  }

  public var array: [JSONNode]? {
    guard case .array(let elements) = value else { return nil }
    return elements
  }

  public var object: [JSONMember]? {
    guard case .object(let members) = value else { return nil }
    return members
  }

  public var bool: Bool? {
    guard case .bool(let bool) = value else { return nil }
    return bool
  }

  public var number: JSONNumber? {
    guard case .number(let number) = value else { return nil }
    return number
  }

  /// The number as an integer; nil for `1.0` and `1e0`.
  public var int64: Int64? { number?.int64 }

  public var isNull: Bool {
    guard case .null = value else { return false }
    return true
  }

  /// What the value is, in the words of an error message.
  public var kind: JSONKind {
    switch value {
    case .null: .null
    case .bool: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}
