import Control

/// How long a server takes for its first answer, and when to tell that it takes long.
struct FirstAnswer {
  private static let second: UInt64 = 1_000_000_000

  /// When the host's first request came.
  private var asked: UInt64?
  private(set) var hasCome = false
  private var moments = SlowStart.moments[...]

  mutating func ask(at now: UInt64) {
    if asked == nil { asked = now }
  }

  /// Any answer is one: a server that answers with an error runs.
  mutating func note() { hasCome = true }

  var deadline: UInt64? {
    guard let asked, !hasCome, let next = moments.first else { return nil }
    return asked + UInt64(next) * Self.second
  }

  /// - Returns: the seconds to tell; nil where it is not time to.
  mutating func tick(at now: UInt64) -> Int? {
    guard let deadline, let asked, now >= deadline else { return nil }
    let seconds = Int((now - asked) / Self.second)
    moments = moments.drop { $0 <= seconds }
    return seconds
  }
}
