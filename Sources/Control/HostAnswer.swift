/// What came of a question that the host was given to show. Only the first two decide anything.
public enum HostAnswer: String, CaseIterable, Sendable {
  /// Accepted, and this very choice made.
  case approve
  case reject
  /// Accepted, and "later" chosen.
  case later
  /// The form was accepted without one of the three choices: a host that accepts by itself does so.
  case unclear
  case declined
  case cancelled
  /// The host answered with an error, or with what is no answer to a form.
  case failed
  /// There was no answer in time, or nobody waits for one any more.
  case unanswered
}
