public import JSON

/// Why a line is not a message that may pass, and what to answer.
public struct EnvelopeError: Error, Equatable, Sendable {
  public let reason: Reason
  /// The id to answer, when the line is recognisably a request and its id could be read.
  public let id: MessageID?

  public enum Reason: Equatable, Sendable {
    /// Not JSON as the strict reader knows it.
    case json(JSONError)
    case notAnObject
    case emptyBatch
    /// `jsonrpc` is not "2.0".
    case version
    /// `id` is null or not one that every reader takes alike: see `MessageID`.
    case id
    /// `method` is not a string, or has U+0000 in it, where some readers would end it.
    case method
    /// `params` is not an object.
    case params
    /// Neither a request nor a response, or both.
    case shape
    /// `error` is not an object with an integer code and a message.
    case error
    /// A key that some readers take for one of the envelope's.
    case lookalike
  }

  public init(_ reason: Reason, id: MessageID? = nil) {
    self.reason = reason
    self.id = id
  }

  /// JSON-RPC's parse error or invalid request.
  public var code: Int {
    guard case .json = reason else { return -32600 }
    return -32700
  }

  /// A stable word for the audit log.
  public var word: String {
    switch reason {
    case .json(let error): error.reason.rawValue
    case .notAnObject: "not-an-object"
    case .emptyBatch: "empty-batch"
    case .version: "jsonrpc-version"
    case .id: "invalid-id"
    case .method: "invalid-method"
    case .params: "invalid-params"
    case .shape: "neither-request-nor-response"
    case .error: "invalid-error"
    case .lookalike: "lookalike-key"
    }
  }

  /// A sentence for the answer; nothing in it comes from the message.
  public var message: JSONString {
    switch reason {
    case .json(let error): JSONString("message refused: \(error.description)")
    case .notAnObject: "message refused: not a JSON object"
    case .emptyBatch: "message refused: an empty batch"
    case .version: "message refused: jsonrpc is not \"2.0\""
    case .id: "message refused: the id is no string or integer that every reader takes alike"
    case .method: "message refused: the method is no string, or has U+0000 in it"
    case .params: "message refused: params is not an object"
    case .shape: "message refused: neither a request nor a response"
    case .error: "message refused: the error is not one"
    case .lookalike: "message refused: a key that some readers take for one of the protocol's"
    }
  }
}
