import JSON

/// What a changed annotation of a tool means. Servers are not to be believed in either case: what
/// weakens tells that the tool does more, what strengthens can make a host stop asking.
struct AnnotationMeaning: Equatable {
  let note: String
  let isWeakening: Bool
  let isPromise: Bool

  private struct Hint {
    let key: JSONString
    /// The value that promises something. The other one is what counts where none is given.
    let promise: Bool
    let weakened: String
    let omitted: String
    let promised: String
  }

  private static let hints = [
    Hint(
      key: "readOnlyHint", promise: true,
      weakened: "was read-only, now may write",
      omitted: "no longer says that it is read-only",
      promised: "now says that it is read-only: hosts may stop asking before calls"),
    Hint(
      key: "destructiveHint", promise: false,
      weakened: "destroyed nothing, now may destroy",
      omitted: "no longer says that it destroys nothing",
      promised: "now says that it destroys nothing: hosts may stop asking before calls"),
    Hint(
      key: "idempotentHint", promise: true,
      weakened: "was safe to repeat, now is not",
      omitted: "no longer says that it is safe to repeat",
      promised: "now says that it is safe to repeat"),
    Hint(
      key: "openWorldHint", promise: false,
      weakened: "kept to itself, now reaches the outside world",
      omitted: "no longer says that it keeps to itself",
      promised: "now says that it keeps to itself: hosts may stop asking before calls"),
  ]

  /// Nil for what is no known annotation, or did not change its meaning. Leaving an annotation out
  /// is told, but does not count as weakening: many servers do so by changing their library.
  static func of(_ path: FieldPath, old: Bool?, new: Bool?) -> AnnotationMeaning? {
    guard path.steps.count == 2, path.steps[0] == .key("annotations"),
      let hint = hints.first(where: { path.steps[1] == .key($0.key) })
    else { return nil }
    switch (old == hint.promise, new) {
    case (true, hint.promise?): return nil
    case (true, .some):
      return AnnotationMeaning(note: hint.weakened, isWeakening: true, isPromise: false)
    case (true, nil):
      return AnnotationMeaning(note: hint.omitted, isWeakening: false, isPromise: false)
    case (false, hint.promise?):
      return AnnotationMeaning(note: hint.promised, isWeakening: false, isPromise: true)
    case (false, _): return nil
    }
  }
}
