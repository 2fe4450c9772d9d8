import Control
import Manifest
import Supervisor

/// What is told of a server that ended before it answered: how, what it said, which layer of the
/// sandbox was likely in the way, and what opens it.
struct EarlyEnd: Equatable {
  let summary: String
  /// The line of its standard error that shows why.
  let words: String?
  let layer: String?
  let hint: String

  /// - Parameter isVerbose: each refusal has been told already.
  init(_ end: SessionEnd, _ last: LastWords?, isVerbose: Bool) {
    let symptom = last?.symptom ?? Self.symptom(of: end)
    summary = end.earlySummary
    words = last.map { Rendering.line($0.line, limit: 200) }
    layer = symptom?.layer
    let option =
      symptom?.hint
      ?? "it may lack a variable (--env NAME) or a file (--read-only PATH); --dry-run lists what "
      + "it has"
    let more =
      isVerbose
      ? "what it was refused is named above" : "run it with --verbose to see each refusal"
    hint = "\(option); \(more)"
  }

  private static func symptom(of end: SessionEnd) -> Symptom? {
    let sign: Symptom.Sign? =
      switch end {
      case .exited(let status): .exit(status)
      case .hostClosed(let status): status.map { .exit($0) }
      case .killed(let signal): .signal(signal)
      case .notStarted, .programNotFound, .interrupted, .fault: nil
      }
    return sign.flatMap { sign in Symptom.all.first { $0.signs.contains(sign) } }
  }
}

extension SessionEnd {
  fileprivate var earlySummary: String {
    if case .hostClosed(let status?) = self { "exit \(status)" } else { summary }
  }
}
