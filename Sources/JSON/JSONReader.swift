/// Reads a document strictly into a tree whose every value knows its place.
public enum JSONReader {
  /// Refuses what is not UTF-8, not one value, a repeated key (after resolving escapes, in any
  /// object), half a surrogate pair, and what is over the limits.
  public static func parse(
    _ bytes: [UInt8], dialect: JSONDialect = .strict, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONNode {
    let result: Result<JSONNode, JSONError> = unsafe bytes.withUnsafeBytes { buffer in
      unsafe read(buffer, nil, dialect, limits)
    }
    return try result.get()
  }

  /// Reads the value that fills `range`; offsets in the tree count from the buffer's start.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>? = nil, dialect: JSONDialect = .strict,
    limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONNode {
    try unsafe read(bytes, range, dialect, limits).get()
  }

  private static func read(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>?, _ dialect: JSONDialect,
    _ limits: JSONLimits
  ) -> Result<JSONNode, JSONError> {
    let view = unsafe ByteView(bytes)
    do throws(JSONError) {
      var scanner = try Scanner(
        view, range: range ?? 0..<view.count, dialect: dialect, limits: limits,
        sink: TreeSink(view, limits))
      try scanner.run()
      guard let root = scanner.sink.root else {
        throw JSONError(.unexpectedEnd, at: view.count)
      }
      return .success(root)
    } catch {
      return .failure(error)
    }
  }
}
