/// The six kinds of JSON value.
public enum JSONKind: String, Sendable, CustomStringConvertible {
  case object, array, string, number, bool, null

  /// The kind with its article, for error messages.
  public var description: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}
