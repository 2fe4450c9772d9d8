import Control
import Credentials

/// What the session wants done, in order.
///
/// The two `forward` cases stand for the line that is being handled, as its sender wrote it: the
/// loop sends those bytes straight from where they were read.
enum Output: Equatable {
  case forwardToHost
  case forwardToServer
  /// Bytes of the session's own making: one line, its newline included.
  case host([UInt8])
  case server([UInt8])
  case report(RelayReport)
  /// A call is over.
  case ended(CallEvent)
  /// The server has not answered anything for so long.
  case slow(seconds: Int)
  /// Text for the host's standard error.
  case log([UInt8])
}

/// Who sent a line.
enum Side: String {
  case host, server
}

/// What a session is told once, at its start.
struct SessionSettings {
  var serverName: String
  /// The longest message in bytes; what Cordon puts together from a server's pages is bound by it
  /// too.
  var messageSize: Int
  var limits = RelayLimits()
  /// Whether the host is told that something waits for review.
  var notice: Bool
  /// Whether a call's event carries the digest of its arguments.
  var digestArguments: Bool
  /// What the ids of Cordon's own requests begin with: random, so that nobody else uses it.
  var ownPrefix: String
  /// For what a server prints where a message is expected.
  var redactor: Redactor
  /// What of the protocol may be used.
  var rules = ProtocolRules()
  /// Whether resources are shown only where they are approved, and not just reported.
  var withholdsResources = false
  /// Seconds that a question through the host's elicitation may wait; nil where nobody is asked so.
  var questionSeconds: Int?
  /// A secret that nobody can guess, each time another: what an answer is known by.
  var questionToken: @Sendable () -> String = SessionSettings.randomToken

  @Sendable private static func randomToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(generator.next(), radix: 16) }.joined(separator: "-")
  }

  /// Messages in one batch.
  static let longestBatch = 10_000
  /// Pages of one list; the SDKs stop at 100 too.
  static let mostPages = 100
  static let mostItems = 10_000
  /// Bodies for a host to render, of which a session knows what was last given.
  static let mostInterfaces = 64
  /// Withheld definitions of one list that are told one by one.
  static let mostToldAtOnce = 64
  /// A list that keeps changing while it is asked for is taken as it is after so many attempts.
  static let mostRestarts = 3
}
