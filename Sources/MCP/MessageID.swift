public import JSON

/// What ties a response to its request: a string or an integer.
///
/// JSON-RPC allows null and fractions and advises against both; two readers can differ about which
/// number a fraction is, so they are refused.
public enum MessageID: Hashable, Sendable, CustomStringConvertible {
  case number(Int64)
  case string(JSONString)

  /// The longest string, in bytes; ids are kept for as long as a request is open.
  public static let maximumLength = 1024

  /// The id at `range` of bytes that have been scanned; nil when it is none of the two.
  init?(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) {
    if let string = unsafe JSONOutline.string(at: range, in: bytes) {
      guard string.utf8.count <= Self.maximumLength else { return nil }
      self = .string(string)
    } else if let integer = unsafe JSONOutline.int64(at: range, in: bytes) {
      self = .number(integer)
    } else {
      return nil
    }
  }

  /// The id in a tree, for instance `params.requestId` of a cancellation.
  public init?(_ node: JSONNode) {
    switch node.value {
    case .string(let string) where string.utf8.count <= Self.maximumLength: self = .string(string)
    case .number(let number):
      guard let integer = number.int64 else { return nil }
      self = .number(integer)
    default: return nil
    }
  }

  /// The id as JSON.
  public var encoded: [UInt8] {
    var writer = JSONWriter()
    switch self {
    case .number(let number): writer.int(number)
    case .string(let string): writer.string(string)
    }
    return writer.bytes
  }

  public var description: String {
    String(decoding: encoded, as: UTF8.self)
  }
}
