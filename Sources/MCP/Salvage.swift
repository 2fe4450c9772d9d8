import JSON

/// Finds the id of a request that the strict reader refused, so that its sender gets an answer
/// instead of waiting for one.
///
/// What is found is only ever sent back to where it came from: nothing is decided by it.
public enum Salvage {
  /// The id of what is recognisably a request: a root object with a `method`, one `id`, and no
  /// `result`. The rest may be broken; a cut message gives its id if that came before the cut.
  public static func requestID(
    in bytes: UnsafeRawBufferPointer, _ range: Range<Int>? = nil
  ) -> MessageID? {
    guard let found = unsafe request(in: bytes, range) else { return nil }
    return found.id
  }

  /// Whether this is the beginning of a request of which the id is still to come.
  public static func isRequestWithoutID(in bytes: UnsafeRawBufferPointer) -> Bool {
    guard let found = unsafe request(in: bytes, nil) else { return false }
    return !found.hasID
  }

  private static func request(
    in bytes: UnsafeRawBufferPointer, _ range: Range<Int>?
  ) -> (hasID: Bool, id: MessageID?)? {
    let range = range ?? 0..<bytes.count
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
    let line = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
    var depth = 0
    var at = 0
    var key: Range<Int>?
    var isAfterColon = false
    var hasMethod = false
    var id: Range<Int>?
    while at < line.count {
      let start = at
      let byte = unsafe line[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        unsafe at = endOfString(from: at, line)
        if depth == 1 && !isAfterColon { key = start..<at }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 && byte == UInt8(ascii: "[") { return nil }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
      case UInt8(ascii: ",") where depth == 1:
        isAfterColon = false
      case UInt8(ascii: ":") where depth == 1:
        isAfterColon = true
        guard let name = key else { return nil }
        key = nil
        if unsafe isKey("result", name, line) { return nil }
        if unsafe isKey("method", name, line) { hasMethod = true }
        if unsafe isKey("id", name, line) {
          guard id == nil, let value = unsafe scalar(from: at, line) else { return nil }
          id = value
        }
      default: break
      }
    }
    guard hasMethod else { return nil }
    return (id != nil, id.flatMap { unsafe MessageID(at: $0, in: line) })
  }

  private static func endOfString(from start: Int, _ line: UnsafeRawBufferPointer) -> Int {
    var at = start
    while at < line.count {
      switch unsafe line[at] {
      case UInt8(ascii: "\""): return at + 1
      case UInt8(ascii: "\\"): at += 2
      default: at += 1
      }
    }
    return line.count
  }

  private static func isKey(
    _ key: JSONString, _ range: Range<Int>, _ line: UnsafeRawBufferPointer
  ) -> Bool {
    unsafe line[range].dropFirst().dropLast().elementsEqual(key.utf8)
  }

  /// The string or number after a colon, if it is a whole and valid one.
  private static func scalar(from start: Int, _ line: UnsafeRawBufferPointer) -> Range<Int>? {
    var at = start
    while at < line.count, unsafe line[at] == 0x20 { at += 1 }
    guard at < line.count else { return nil }
    var end = at
    if unsafe line[at] == UInt8(ascii: "\"") {
      unsafe end = endOfString(from: at + 1, line)
    } else {
      while end < line.count, unsafe !isDelimiter(line[end]) { end += 1 }
    }
    guard end - at <= 8 * MessageID.maximumLength else { return nil }
    do throws(JSONError) {
      return try unsafe JSONOutline.scan(line, in: at..<end).range
    } catch {
      return nil
    }
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}")
  }
}
