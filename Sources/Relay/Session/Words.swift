import MCP

/// Everything that Cordon says to a host, in fixed words: none of the server's, and no digest,
/// because a model reads it.
struct Words {
  let server: String

  private var command: String {
    "The user can decide on this by running `cordon review \(server)` in a terminal of their own."
  }

  /// The notice's sentence: the tool's description, and what is added to the instructions.
  func waiting(_ count: Int) -> String {
    let subject =
      count == 1
      ? "1 definition of this MCP server is new or has changed and is withheld until a person has "
        + "reviewed it."
      : "\(count) definitions of this MCP server are new or have changed and are withheld until a "
        + "person has reviewed them."
    return "Cordon: \(subject) \(command)"
  }

  var nothingWaiting: String { "Cordon: nothing of this MCP server waits for review." }

  var unapproved: String {
    "Cordon did not make this call: the tool's definition is new or has changed, and nobody has "
      + "approved it. \(command)"
  }

  var questionOver: String {
    "Cordon did not make this call: the question about the tool's definition is no longer open. "
      + command
  }

  var rejected: String {
    "Cordon did not make this call: the tool's definition was reviewed and rejected. \(command)"
  }

  var unlisted: String {
    "Cordon did not make this call: the server does not list a tool of this name."
  }

  var ambiguous: String {
    "Cordon did not make this call: the server lists more than one tool of this name."
  }

  /// - Parameter limit: the name of a bound; nil where none was gone over.
  func unchecked(within limit: String? = nil) -> String {
    let limit = limit.map { " within \($0)" } ?? ""
    return "Cordon did not make this call: the server did not give its list of tools\(limit), so "
      + "that the tool's definition could not be checked."
  }

  func unapproved(_ kind: ListKind) -> String {
    "Cordon did not pass this on: the \(kind.noun)'s definition is new or has changed, and nobody "
      + "has approved it. \(command)"
  }

  func rejected(_ kind: ListKind) -> String {
    "Cordon did not pass this on: the \(kind.noun)'s definition was reviewed and rejected. "
      + command
  }

  func unlisted(_ kind: ListKind) -> String {
    "Cordon did not pass this on: the server does not list a \(kind.noun) of this name."
  }

  func ambiguous(_ kind: ListKind) -> String {
    "Cordon did not pass this on: the server lists more than one \(kind.noun) of this name."
  }

  var unapprovedInterface: String {
    "Cordon did not pass this on: what the host would render is new or has changed, and nobody has "
      + "approved it. \(command)"
  }

  var rejectedInterface: String {
    "Cordon did not pass this on: what the host would render was reviewed and rejected. \(command)"
  }

  var unusableInterface: String {
    "Cordon did not pass this on: the answer has nothing in it that a person could approve."
  }

  static func unknownCursor(_ kind: ListKind) -> String {
    "this cursor was never given out: Cordon answers \(kind.method.rawValue) with a single page"
  }
  static let duplicateID = "a request with this id is not answered yet"
  static let ownID = "ids that begin with this prefix are Cordon's own"
  static func tooManyPending(_ limit: String) -> String {
    "too many requests are not answered yet: \(limit)"
  }
  static let batch = "batches are not part of the negotiated protocol version"
  static let initializeInBatch = "initialize must not be part of a batch"
  static let batchTooLong = "the batch has too many messages: the last of them were refused"
  static let noServerRequests = "a server sends no requests in this version of the protocol"
  static let answerRefused = "the answer was refused: it is not a valid message"
  static func answerOver(_ limit: String) -> String {
    "the answer was refused: it is over \(limit)"
  }
  static func messageOver(_ limit: String) -> String { "message refused: it is over \(limit)" }
  static func unanswered(_ limit: String) -> String { "there was no answer within \(limit)" }
  static func endless(_ limit: String) -> String {
    "nothing more is read: what came without a newline is over \(limit)"
  }
  /// - Parameter reason: the supervisor's; nil where it has told none.
  static func ended(_ reason: String?) -> String {
    reason.map { "the server ended before it answered: \($0)" }
      ?? "the server ended before it answered"
  }
  static let methodNotFound = "Method not found"
  /// - Parameter capability: a word of the profile's.
  static func asked(for capability: String) -> String {
    "Cordon ended this request: the server asked for \(capability), which its profile denies."
  }
  static func listFailed(_ kind: ListKind) -> String {
    "the server did not give its list of \(kind.noun)s"
  }
}
