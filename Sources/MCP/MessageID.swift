public import JSON

/// What ties a response to its request: a string or an integer.
///
/// Only what every reader takes for the same: JSON-RPC allows null and fractions, and two readers can
/// differ about which number a fraction is. They differ as well about integers that a double does not
/// hold exactly (RFC 8259, section 6), about `-0`, which some read as a floating-point number, and
/// about a string with U+0000 in it, which ends there for a reader in C. All of these are refused.
public enum MessageID: Hashable, Sendable, CustomStringConvertible {
  case number(Int64)
  case string(JSONString)

  /// The longest string, in bytes; ids are kept for as long as a request is open.
  public static let maximumLength = 1024
  /// Every integer up to here, and from its negative on, is exact in a double: 2⁵³ − 1.
  public static let maximumNumber: Int64 = 9_007_199_254_740_991

  /// The id at `range` of bytes that have been scanned; nil when it is none of the two.
  public init?(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) {
    if let string = unsafe JSONOutline.string(at: range, in: bytes) {
      self.init(string)
    } else if let integer = unsafe JSONOutline.int64(at: range, in: bytes) {
      // -0 is the one zero of two bytes.
      guard integer != 0 || range.count == 1 else { return nil }
      self.init(integer)
    } else {
      return nil
    }
  }

  /// The id in a tree, for instance `params.requestId` of a cancellation.
  public init?(_ node: JSONNode) {
    switch node.value {
    case .string(let string): self.init(string)
    case .number(let number):
      guard let integer = number.int64, integer != 0 || number.source == "0" else { return nil }
      self.init(integer)
    default: return nil
    }
  }

  /// The integer that this number is; nil where it is none, or too large to be sure.
  public init?(exactly number: Double) {
    guard let integer = Int64(exactly: number) else { return nil }
    self.init(integer)
  }

  private init?(_ string: JSONString) {
    guard string.utf8.count <= Self.maximumLength, !string.utf8.contains(0) else { return nil }
    self = .string(string)
  }

  private init?(_ integer: Int64) {
    guard (-Self.maximumNumber...Self.maximumNumber).contains(integer) else { return nil }
    self = .number(integer)
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
