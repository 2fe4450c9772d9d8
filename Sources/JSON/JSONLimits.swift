/// How large a document may be.
public struct JSONLimits: Sendable {
  /// Containers in containers; never more than `maximumDepth`, whatever is set.
  public var depth = maximumDepth
  /// Bytes of the document.
  public var size: Int
  /// Values in a tree, each of which costs far more memory than its text. The outline builds no
  /// tree and does not count.
  public var values = 1 << 20

  public init(size: Int = 64 << 20) {
    self.size = min(size, Self.maximumSize)
  }

  /// The depth up to which the readers need no more than a fixed stack.
  public static let maximumDepth = 128
  /// Offsets are kept in 31 bits.
  public static let maximumSize = 1 << 30
}

/// What a document may contain besides JSON.
public enum JSONDialect: Sendable {
  /// RFC 8259, nothing more.
  case strict
  /// For files that people write: `//` and `/* */` comments and a comma after the last element.
  case commented
}
