import JSON
import MCP

/// What becomes of a message of the table.
enum Passage: Equatable {
  /// Its bytes reach the other side, and so do those of its answer.
  case forwarded
  /// Cordon asks for itself: the sender gets the same definitions, the other side sees another line.
  case listed
  /// It does not reach the other side. A request is answered with an error of this code.
  case refused(Int)
}

/// A message as one side sends it in one version, and its answer.
struct TableMessage: CustomStringConvertible {
  let method: String
  let sender: Party
  /// Nil for a method that no version knows.
  let row: MethodRow?
  /// Of a request.
  let id: String?
  let line: String
  /// What the other side answers, as a line; empty for a notification.
  let answer: String
  /// The answer's result.
  let result: String

  var description: String { "\(sender) \(method)" }

  /// White space and order as no writer of Cordon's has them: what comes out alike was not rewritten.
  init(
    _ method: String, from sender: Party, row: MethodRow? = nil, id: String?,
    params: String? = nil, result: String = "{}"
  ) {
    self.method = method
    self.sender = sender
    self.row = row
    self.id = id
    self.result = result
    let head = #"{ "method": "\#(method)""# + (params.map { #" ,"params": \#($0)"# } ?? "")
    line = head + (id.map { #" ,"id": "\#($0)""# } ?? "") + #", "jsonrpc": "2.0" }"#
    answer = id.map { #"{"jsonrpc": "2.0", "id": "\#($0)", "result": \#(result)}"# } ?? ""
  }
}
