/// How much a relay may have written to the disk. One that someone took over could otherwise fill it
/// with its events, or keep the approvals being rewritten without end.
///
/// Nothing is thrown away: a relay that has used it up is not heard until it has some again, as a slow
/// disk would make it wait. Pure: the session's loop asks it.
struct Allowance: Equatable {
  /// Bytes at once: a quarter of a million calls.
  static let burst: Int64 = 64 << 20
  /// Bytes that come back in a second: a thousand calls.
  static let perSecond: Int64 = 256 << 10

  private var left = burst
  private var since: UInt64

  init(now: UInt64) {
    since = now
  }

  mutating func charge(_ bytes: Int, now: UInt64) {
    refill(now)
    left -= Int64(bytes)
  }

  /// When there is something left again; nil where there is.
  func due(now: UInt64) -> UInt64? {
    var later = self
    later.refill(now)
    guard later.left < 0 else { return nil }
    return now + UInt64(-later.left) * 1_000_000_000 / UInt64(Self.perSecond) + 1
  }

  private mutating func refill(_ now: UInt64) {
    // No more than what fills it, which is also what keeps the product in range.
    let elapsed = min(now - since, 1_000_000_000 * UInt64(Self.burst / Self.perSecond + 1))
    let more = elapsed * UInt64(Self.perSecond) / 1_000_000_000
    guard more > 0 else { return }
    left = min(Self.burst, left + Int64(more))
    since = now
  }
}
