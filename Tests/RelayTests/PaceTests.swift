import Testing

@testable import Relay

/// Time is passed in, so that a second lasts as long as a test wants.
@Suite struct PaceTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func tenSecondsWorthMayComeAtOnceAndThenAsManyASecondAsItSays() {
    var pace = Pace(perSecond: 5)
    let start = 100 * Self.second
    let atOnce = (0..<100).count { _ in pace.admits(at: start) }
    #expect(atOnce == 51)
    let later = (1...100).count { step in
      pace.admits(at: start + UInt64(step) * Self.second / 10)
    }
    #expect(later == 50)
  }

  @Test func whatIsNotAdmittedIsNotCounted() {
    var pace = Pace(perSecond: 1)
    for _ in 0..<1000 { _ = pace.admits(at: 0) }
    let both = [pace.admits(at: Self.second), pace.admits(at: Self.second)]
    #expect(both == [true, false])
  }

  @Test func whatIsCountedTellsWhenTheNextMayCome() {
    var pace = Pace(perSecond: 2)
    let dues = [
      pace.count(20, at: 0), pace.count(at: 0), pace.count(at: 0), pace.count(at: 20 * Self.second),
    ]
    #expect(dues == [nil, Self.second / 2, Self.second, nil])
  }

  @Test func bytesAreCountedManyAtOnce() {
    var pace = Pace(perSecond: 1 << 20)
    var bytes = 0
    while pace.admits(16 << 10, at: 0) { bytes += 16 << 10 }
    #expect(bytes == (10 << 20) + (16 << 10))
    let both = [pace.admits(1, at: 0), pace.admits(16 << 10, at: Self.second)]
    #expect(both == [false, true])
  }

  @Test func anIdleTimeEarnsNoMoreThanTheBurst() {
    var pace = Pace(perSecond: 1)
    let passed = (0..<100).count { _ in pace.admits(at: 1_000_000 * Self.second) }
    #expect(passed == 11)
  }
}
