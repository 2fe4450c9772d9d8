/// How many of something may come in a second, over the last ten seconds.
///
/// The moment up to which what came is paid for: each one moves it on by its share of a second, and
/// more than ten seconds ahead of the clock is too much. So bursts pass, and no counter has to be reset.
struct Pace: Equatable {
  /// Nanoseconds' worth that may come at once.
  static let burst: UInt64 = 10_000_000_000

  private let perSecond: UInt64
  private var paid: UInt64 = 0

  init(perSecond: Int) {
    self.perSecond = UInt64(max(1, perSecond))
  }

  /// Counts what cannot be refused any more.
  ///
  /// - Returns: the moment from which the next may come; nil for at once.
  mutating func count(_ number: Int = 1, at now: UInt64) -> UInt64? {
    paid = max(paid, now) + cost(number)
    return isAhead(at: now) ? paid - Pace.burst : nil
  }

  /// Counts what comes where that is not too much.
  ///
  /// - Returns: false for what is too much, and is not counted.
  mutating func admits(_ number: Int = 1, at now: UInt64) -> Bool {
    guard !isAhead(at: now) else { return false }
    paid = max(paid, now) + cost(number)
    return true
  }

  private func isAhead(at now: UInt64) -> Bool { paid > now + Pace.burst }

  private func cost(_ number: Int) -> UInt64 {
    // No more than one read gives, so that the product stays in range.
    UInt64(clamping: number) * 1_000_000_000 / perSecond
  }
}
