import Testing

@testable import Supervisor

@Suite struct AllowanceTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func aBurstIsFreeAndTheRestWaits() {
    var allowance = Allowance(now: 0)
    allowance.charge(Int(Allowance.burst), now: 0)
    #expect(allowance.due(now: 0) == nil)
    allowance.charge(Int(Allowance.perSecond), now: 0)
    #expect(allowance.due(now: 0) == Self.second + 1)
    #expect(allowance.due(now: Self.second + 1) == nil)
  }

  @Test func whatComesBackIsNeverMoreThanABurst() {
    var allowance = Allowance(now: 0)
    allowance.charge(1000, now: 0)
    // However long a session is idle.
    allowance.charge(Int(Allowance.burst), now: UInt64.max / 2)
    #expect(allowance.due(now: UInt64.max / 2) == nil)
    allowance.charge(1, now: UInt64.max / 2)
    #expect(allowance.due(now: UInt64.max / 2) != nil)
  }

  @Test func manySmallMomentsAddUp() {
    var allowance = Allowance(now: 0)
    allowance.charge(Int(Allowance.burst + 1000), now: 0)
    var now: UInt64 = 0
    while allowance.due(now: now) != nil, now < Self.second {
      now += 1000
      allowance.charge(0, now: now)
    }
    // A thousand bytes at 256 KiB in a second: four milliseconds.
    #expect((3_000_000..<5_000_000).contains(now), "\(now)")
  }
}

@Suite struct NoticesTests {
  private final class Ear {
    var heard: [SessionNotice] = []
  }

  @Test func aFloodIsCutAndCounted() {
    let ear = Ear()
    var now: UInt64 = 0
    let notices = Notices(now: { now }) { ear.heard.append($0) }
    for _ in 0..<1000 { notices.tell(.warning("x", hint: nil)) }
    #expect(ear.heard.count == Notices.free)
    now += Notices.interval
    notices.tell(.warning("y", hint: nil))
    #expect(ear.heard.last == .warning("y (936 messages were left out)", hint: nil))
    notices.tell(.refused(.fault("z")))
    #expect(ear.heard.count == Notices.free + 2)
  }

  @Test func aLongTextIsCut() {
    let ear = Ear()
    let notices = Notices(now: { 0 }) { ear.heard.append($0) }
    notices.tell(.error(String(repeating: "ü", count: 1 << 20), hint: nil))
    guard case .error(let text, _)? = ear.heard.first else { return #expect(Bool(false)) }
    #expect(text.utf8.count < Notices.longest + 64)
  }
}
