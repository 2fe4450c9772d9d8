import Control
import JSON
import MCP

/// One question to whoever sits at the host: about one item's one content, whose calls wait for it.
struct Question {
  enum Stage: Equatable {
    /// The supervisor has been asked what to show.
    case preparing
    /// The host has it as a request of Cordon's own. Only before the modern era.
    case put(MessageID)
    /// The host has it as the answer to a call; the call comes again with this state.
    case given(state: JSONString)
    /// There is an answer, and the supervisor carries it out.
    case deciding
  }

  let number: UInt64
  let item: PinnedItem
  let tool: JSONString
  let isModern: Bool
  var stage = Stage.preparing
  /// Until when it waits for its answer.
  let due: UInt64
  /// Kept by Cordon until it is decided.
  var calls: [Held] = []
}

/// Where the session stands with its questions.
struct AskingState {
  /// The host said in its handshake that it shows forms.
  var hasForms = false
  /// It said so in the request of the modern era that is being handled.
  var requestHasForms = false
  var open: [Question] = []
  /// What was asked about: nobody is asked twice about the same content in a session.
  var asked: Set<PinnedItem> = []
  /// Bytes of the calls that wait. They don't keep the host from being read: its answer comes there.
  var heldBytes = 0
  var number: UInt64 = 0

  /// Questions that are open at once, and in a session.
  static let mostOpen = 4
  static let most = 64

  /// When the first of them has waited long enough; nil where none waits for anybody but Cordon.
  var deadline: UInt64? {
    open.lazy.filter { $0.stage != .deciding }.map(\.due).min()
  }
}
