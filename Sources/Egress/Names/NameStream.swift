/// Questions for names over TCP: each message with its length in two bytes before it (RFC 1035,
/// 4.2.2; RFC 7766).
public struct NameStream {
  /// Bytes of a question. What a resolver asks fits 512; this leaves room for extensions.
  public static let longestQuery = 4096

  private var buffer: [UInt8] = []

  public init() {}

  /// Takes bytes as they come, in whatever pieces.
  ///
  /// - Parameter answer: what is to be said to one message; nil for nothing.
  /// - Returns: bytes to send; nil where the other end keeps to no protocol, and the connection ends.
  public mutating func feed(
    _ bytes: ArraySlice<UInt8>, _ answer: ([UInt8]) -> [UInt8]?
  ) -> [UInt8]? {
    buffer += bytes
    var output: [UInt8] = []
    var rest = buffer[...]
    while rest.count >= 2 {
      let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
      guard length <= Self.longestQuery else { return nil }
      guard rest.count >= 2 + length else { break }
      let query = Array(rest.dropFirst(2).prefix(length))
      rest = rest.dropFirst(2 + length)
      guard let answer = answer(query) else { return nil }
      output += [UInt8(answer.count >> 8), UInt8(truncatingIfNeeded: answer.count)] + answer
    }
    buffer = Array(rest)
    return output
  }
}
