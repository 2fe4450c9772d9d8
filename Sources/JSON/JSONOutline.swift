/// What a document is at its root, found in one pass that validates everything and builds no tree.
///
/// It reads with the same scanner as `JSONReader`, so the two accept the same documents.
public struct JSONOutline: Sendable {
  public typealias Kind = JSONKind

  /// A member of the root object; its ranges are byte offsets in the scanned bytes.
  public struct Member: Sendable {
    private let keySpan: CompactRange
    private let valueSpan: CompactRange
    public let keyHasEscapes: Bool
    public let kind: Kind

    init(key: Range<Int>, keyHasEscapes: Bool, value: Range<Int>, kind: Kind) {
      keySpan = CompactRange(key)
      valueSpan = CompactRange(value)
      self.keyHasEscapes = keyHasEscapes
      self.kind = kind
    }

    /// The key, without its quotes.
    public var key: Range<Int> { keySpan.range }
    /// The value, quotes and brackets included.
    public var value: Range<Int> { valueSpan.range }
  }

  public let kind: Kind
  /// The root value without the white space around it.
  public let range: Range<Int>
  /// In the document's order; no key occurs twice.
  public let members: [Member]
  /// False when a reader exists for which the bytes are more than one line: they have a tab, a line
  /// feed or a carriage return between tokens, or U+0085, U+2028 or U+2029 in a string.
  public let isOneLine: Bool
  private let elementSpans: [CompactRange]

  /// The elements, when the root is an array.
  public var elements: [Range<Int>] { elementSpans.map(\.range) }

  /// How many members or elements the root may have.
  public static let maximumEntries = 1 << 20

  /// Scans the one value that fills `range` (everything, when nil).
  public static func scan(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONOutline {
    let view = unsafe ByteView(bytes)
    var scanner = try Scanner(
      view, range: range ?? 0..<view.count, dialect: .strict, limits: limits, sink: OutlineSink())
    try scanner.run()
    return JSONOutline(scanner.sink, isOneLine: scanner.isOneLine)
  }

  public static func scan(
    _ bytes: [UInt8], in range: Range<Int>? = nil, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONOutline {
    let result: Result<JSONOutline, JSONError> = unsafe bytes.withUnsafeBytes { buffer in
      do throws(JSONError) {
        return .success(try unsafe scan(buffer, in: range, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(_ sink: OutlineSink, isOneLine: Bool) {
    kind = sink.kind
    range = sink.range
    members = sink.members
    elementSpans = sink.elements
    self.isOneLine = isOneLine
  }
}

/// A range of offsets below `JSONLimits.maximumSize` in half the space.
struct CompactRange: Sendable {
  private let lower: UInt32
  private let upper: UInt32

  init(_ range: Range<Int>) {
    lower = UInt32(truncatingIfNeeded: range.lowerBound)
    upper = UInt32(truncatingIfNeeded: range.upperBound)
  }

  var range: Range<Int> { Int(lower)..<Int(upper) }
}
