public import JSON

extension Envelope {
  /// Reads the one message that fills `range`; a batch is refused.
  public static func read(
    _ bytes: UnsafeRawBufferPointer, in range: Range<Int>? = nil, limits: JSONLimits = JSONLimits()
  ) throws(EnvelopeError) -> Envelope {
    try unsafe Envelope(scan(bytes, range, limits), bytes)
  }

  static func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>?, _ limits: JSONLimits
  ) throws(EnvelopeError) -> JSONOutline {
    do throws(JSONError) {
      return try unsafe JSONOutline.scan(bytes, in: range, limits: limits)
    } catch {
      throw EnvelopeError(.json(error), id: unsafe Salvage.requestID(in: bytes, range))
    }
  }

  /// The keys that decide what a message is.
  private static let keys: [JSONString] = ["jsonrpc", "id", "method", "params", "result", "error"]

  init(_ outline: JSONOutline, _ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
    guard outline.kind == .object else { throw EnvelopeError(.notAnObject) }
    let version = unsafe outline.member("jsonrpc", in: bytes)
    let id = unsafe outline.member("id", in: bytes)
    let method = unsafe outline.member("method", in: bytes)
    let params = unsafe outline.member("params", in: bytes)
    let result = unsafe outline.member("result", in: bytes)
    let error = unsafe outline.member("error", in: bytes)

    let identifier = id.flatMap { member in unsafe MessageID(at: member.value, in: bytes) }
    let answerable = method == nil ? nil : identifier
    // Only a message with more than the protocol's keys can have one that looks like them.
    let known = [version, id, method, params, result, error].count { $0 != nil }
    if known < outline.members.count {
      for key in Self.keys where unsafe outline.lookalike(of: key, in: bytes) != nil {
        throw EnvelopeError(.lookalike, id: answerable)
      }
    }
    guard let version, unsafe JSONOutline.isString(at: version.value, in: bytes, "2.0") else {
      throw EnvelopeError(.version, id: answerable)
    }

    if let method {
      guard result == nil, error == nil else { throw EnvelopeError(.shape, id: answerable) }
      guard let name = unsafe JSONOutline.string(at: method.value, in: bytes),
        !name.utf8.contains(0)
      else {
        throw EnvelopeError(.method, id: answerable)
      }
      if let params, params.kind != .object { throw EnvelopeError(.params, id: answerable) }
      if id != nil {
        guard let identifier else { throw EnvelopeError(.id) }
        kind = .request(id: identifier, method: name)
      } else {
        kind = .notification(method: name)
      }
    } else if let error {
      guard result == nil, params == nil else { throw EnvelopeError(.shape) }
      if let id, identifier == nil, id.kind != .null { throw EnvelopeError(.id) }
      guard unsafe Self.isError(error, bytes) else { throw EnvelopeError(.error) }
      kind = .errorResponse(id: identifier)
    } else {
      guard result != nil, params == nil else { throw EnvelopeError(.shape) }
      guard let identifier else { throw EnvelopeError(.id) }
      kind = .response(id: identifier)
    }
    range = outline.range
    self.id = id?.value
    self.params = params?.value
    self.result = result?.value
    self.error = error?.value
    isOneLine = outline.isOneLine
  }

  private static func isError(
    _ error: JSONOutline.Member, _ bytes: UnsafeRawBufferPointer
  ) -> Bool {
    guard error.kind == .object else { return false }
    do throws(JSONError) {
      let outline = try unsafe JSONOutline.scan(bytes, in: error.value)
      guard let code = unsafe outline.member("code", in: bytes),
        let message = unsafe outline.member("message", in: bytes)
      else { return false }
      return message.kind == .string
        && (unsafe JSONOutline.int64(at: code.value, in: bytes)) != nil
    } catch {
      return false
    }
  }
}
