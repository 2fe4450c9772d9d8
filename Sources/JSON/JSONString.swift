/// A string from a JSON document, compared, hashed and ordered by its bytes.
///
/// Swift's `String` holds `"é"` and `"e\u{301}"` equal; a server could give two tools names that differ
/// so. Wherever text from outside decides anything, it is held in this type.
public struct JSONString: Hashable, Comparable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The text as UTF-8, without quotes and with every escape resolved.
  public let utf8: [UInt8]

  public init(_ string: String) {
    utf8 = Array(string.utf8)
  }

  /// Takes bytes as they are; `string` repairs what is not UTF-8.
  public init(utf8: [UInt8]) {
    self.utf8 = utf8
  }

  public init(stringLiteral value: StaticString) {
    utf8 = unsafe Array(UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
  }

  /// The text for showing, never for comparing.
  public var string: String {
    String(decoding: utf8, as: UTF8.self)
  }

  public var description: String { string }

  public var isEmpty: Bool { utf8.isEmpty }

  /// All bytes in one piece: one by one they cost more than what is looked up by them.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(utf8.count)
    // Lent for the call.
    unsafe utf8.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  public static func < (left: JSONString, right: JSONString) -> Bool {
    // Both are lent for the call.
    unsafe left.utf8.withUnsafeBytes { left in
      unsafe right.utf8.withUnsafeBytes { right in
        let common = min(left.count, right.count)
        let (one, two) = unsafe (ByteView(left), ByteView(right))
        for index in 0..<common where one[index] != two[index] { return one[index] < two[index] }
        return left.count < right.count
      }
    }
  }
}
