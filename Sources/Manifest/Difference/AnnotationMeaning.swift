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
  ///
  /// What is neither true nor false, and a key that is a known one but for case, is read by each
  /// host as it likes: it may promise less and more.
  static func of(_ path: FieldPath, old: JSONNode?, new: JSONNode?) -> AnnotationMeaning? {
    guard let key = hintKey(path) else { return nil }
    guard let hint = hints.first(where: { $0.key == key }), path.steps.count == 2 else {
      return isLikeHint(key)
        ? AnnotationMeaning(
          note: "a hint that some hosts take for another: they may stop asking before calls",
          isWeakening: true, isPromise: true) : nil
    }
    if let new, new.bool == nil {
      return AnnotationMeaning(
        note: "neither true nor false: hosts may take it for either", isWeakening: true,
        isPromise: true)
    }
    switch (old?.bool == hint.promise, new?.bool) {
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

  /// Whether a known hint, with a value that it may have, is merely left out.
  static func isOmission(_ path: FieldPath, old: JSONNode?, new: JSONNode?) -> Bool {
    guard path.steps.count == 2, let key = hintKey(path), new == nil, old?.bool != nil else {
      return false
    }
    return hints.contains { $0.key == key }
  }

  private static func hintKey(_ path: FieldPath) -> JSONString? {
    guard path.steps.count >= 2, path.steps[0] == .key("annotations"),
      case .key(let key) = path.steps[1]
    else { return nil }
    return key
  }

  private static func isLikeHint(_ key: JSONString) -> Bool {
    let small = key.utf8.map(Letters.small)
    return hints.contains { $0.key.utf8.map(Letters.small) == small }
  }
}
