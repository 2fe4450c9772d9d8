public import JSON

/// A JSON-RPC message, read so far as to know what it is; its body stays where it is.
///
/// Ranges are byte offsets in the bytes that were read.
public struct Envelope: Sendable {
  public enum Kind: Equatable, Sendable {
    case request(id: MessageID, method: JSONString)
    case notification(method: JSONString)
    case response(id: MessageID)
    /// The id is nil when the other side could not tell which request failed.
    case errorResponse(id: MessageID?)
  }

  public let kind: Kind
  public let range: Range<Int>
  public let id: Range<Int>?
  /// An object.
  public let params: Range<Int>?
  /// Any value; MCP has objects only.
  public let result: Range<Int>?
  /// An object with an integer code and a message.
  public let error: Range<Int>?
  /// False when the bytes must be rewritten (`OneLine`) before they are passed on.
  public let isOneLine: Bool

  public var method: JSONString? {
    switch kind {
    case .request(_, let method), .notification(let method): method
    case .response, .errorResponse: nil
    }
  }
}

/// What a line holds.
public enum Message: Sendable {
  case single(Envelope)
  /// A batch, of which every element is still to be read with `Envelope.read(_:in:limits:)`.
  case batch([Range<Int>])

  /// Reads a line (without its newline) in one scan.
  public static func read(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()
  ) throws(EnvelopeError) -> Message {
    let outline = try unsafe Envelope.scan(bytes, nil, limits)
    guard outline.kind == .array else {
      return .single(try unsafe Envelope(outline, bytes))
    }
    let elements = outline.elements
    guard !elements.isEmpty else { throw EnvelopeError(.emptyBatch) }
    return .batch(elements)
  }

  public static func read(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(EnvelopeError) -> Message {
    let result: Result<Message, EnvelopeError> = unsafe bytes.withUnsafeBytes { buffer in
      do throws(EnvelopeError) {
        return .success(try unsafe read(buffer, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
