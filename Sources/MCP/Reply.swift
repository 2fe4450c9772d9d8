public import JSON

/// Messages of our own making: one line each, with its newline.
public enum Reply {
  /// The id is null when nil.
  public static func error(
    id: MessageID?, code: Int, message: JSONString, data: [UInt8]? = nil
  ) -> [UInt8] {
    var writer = opening(id)
    writer.key("error")
    writer.object { error in
      error.member("code") { $0.int(code) }
      error.member("message") { $0.string(message) }
      if let data { error.member("data") { $0.raw(data) } }
    }
    return closing(&writer)
  }

  /// The answer to a refused message; nil when there is no id to answer.
  public static func refusal(of error: EnvelopeError) -> [UInt8]? {
    error.id.map { Reply.error(id: $0, code: error.code, message: error.message) }
  }

  /// `result` is JSON already, on one line.
  public static func result(id: MessageID, result: some Collection<UInt8>) -> [UInt8] {
    var writer = opening(id)
    writer.key("result")
    writer.raw(result)
    return closing(&writer)
  }

  /// What stands before a result, for one that is too long to be copied: `endOfResult` follows it.
  public static func beginning(ofResultTo id: MessageID) -> [UInt8] {
    var writer = opening(id)
    writer.key("result")
    return writer.bytes
  }

  /// Ends the message, newline included.
  public static let endOfResult = Array("}\n".utf8)

  /// `params` is a JSON object already, on one line.
  public static func request(id: MessageID, method: JSONString, params: [UInt8]? = nil) -> [UInt8] {
    var writer = opening(id)
    return finish(&writer, method, params)
  }

  public static func notification(method: JSONString, params: [UInt8]? = nil) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("jsonrpc") { $0.string("2.0" as JSONString) }
    return finish(&writer, method, params)
  }

  private static func opening(_ id: MessageID?) -> JSONWriter {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("jsonrpc") { $0.string("2.0" as JSONString) }
    writer.key("id")
    if let id { writer.raw(id.encoded) } else { writer.null() }
    return writer
  }

  private static func finish(
    _ writer: inout JSONWriter, _ method: JSONString, _ params: [UInt8]?
  ) -> [UInt8] {
    writer.member("method") { $0.string(method) }
    if let params { writer.member("params") { $0.raw(params) } }
    return closing(&writer)
  }

  private static func closing(_ writer: inout JSONWriter) -> [UInt8] {
    writer.endObject()
    return writer.bytes + [0x0A]
  }
}
