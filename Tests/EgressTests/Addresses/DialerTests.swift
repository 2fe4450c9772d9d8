import Glibc
import Kernel
import Testing

@testable import Egress

@Suite struct DialerTests {
  private static let six = (0..<3).map { IPAddress.v6(0x2600 << 48, $0) }
  private static let four = (0..<2).map { IPAddress.v4(0x0101_0101 + $0) }

  @Test func theFamiliesTakeTurns() {
    var dialer = Dialer(Self.four + Self.six)
    var order: [IPAddress] = []
    while case .connect(let address) = dialer.next(at: 0) {
      order.append(address)
      dialer.attemptFailed(ECONNREFUSED, at: 0)
    }
    #expect(order == [Self.six[0], Self.four[0], Self.six[1], Self.four[1], Self.six[2]])
    #expect(dialer.next(at: 0) == .failed(ECONNREFUSED))
  }

  @Test func thePlaceWithoutARouteComesLast() {
    var dialer = Dialer(Self.six + Self.four, unreachable: Set(Self.six))
    #expect(dialer.next(at: 0) == .connect(Self.four[0]))
  }

  @Test func theNextAttemptWaitsAQuarterOfASecond() {
    var dialer = Dialer([Self.six[0], Self.four[0]])
    #expect(dialer.next(at: 10) == .connect(Self.six[0]))
    #expect(dialer.next(at: 20) == .wait(until: 10 + Dialer.delay))
    #expect(dialer.next(at: 10 + Dialer.delay) == .connect(Self.four[0]))
    #expect(dialer.next(at: 10 + Dialer.delay) == .wait(until: nil))
    dialer.attemptFailed(ETIMEDOUT, at: 11 + Dialer.delay)
    #expect(dialer.next(at: 11 + Dialer.delay) == .wait(until: nil))
    dialer.attemptFailed(ENETUNREACH, at: 12 + Dialer.delay)
    #expect(dialer.next(at: 12 + Dialer.delay) == .failed(ENETUNREACH))
  }

  @Test func aFailureBringsTheNextAtOnce() {
    var dialer = Dialer([Self.six[0], Self.four[0]])
    #expect(dialer.next(at: 10) == .connect(Self.six[0]))
    dialer.attemptFailed(ECONNREFUSED, at: 12)
    #expect(dialer.next(at: 12) == .connect(Self.four[0]))
  }

  @Test func attemptsAreBounded() {
    var dialer = Dialer((0..<1000).map { IPAddress.v4($0) })
    var count = 0
    while case .connect = dialer.next(at: 0) {
      count += 1
      dialer.attemptFailed(1, at: 0)
    }
    #expect(count == Dialer.mostAttempts)
  }

  /// Addresses that stay silent take no more descriptors than there is room for, and none of them
  /// keeps a later one from being tried.
  @Test func fewAreUnderWayAtTheSameTime() throws {
    let addresses = (1...5).map { IPAddress.v4($0) }
    var dialer = Dialer(addresses)
    var now: UInt64 = 0
    for (index, address) in addresses.enumerated() {
      #expect(dialer.next(at: now) == .connect(address))
      guard index < 4 else { break }
      let next = now + (index < Dialer.mostUnderWay - 1 ? Dialer.delay : Dialer.longDelay)
      #expect(dialer.next(at: next - 1) == .wait(until: next))
      now = next
    }
    // Those that are left fail, and then there is none.
    for _ in 1..<Dialer.mostUnderWay {
      dialer.attemptFailed(ETIMEDOUT, at: now)
      #expect(dialer.next(at: now) == .wait(until: nil))
    }
    dialer.attemptFailed(ETIMEDOUT, at: now)
    #expect(dialer.next(at: now) == .failed(ETIMEDOUT))
  }

  /// Each attempt holds a descriptor, until it is given up for the next.
  @Test func theOldestAttemptIsClosed() throws {
    let ground = try LoopGround(isDriven: true)
    let place = IPAddress.v4(0x7F00_0001)
    var attempts = Attempts(Dialer([IPAddress](repeating: place, count: 5)))
    for serial in 0..<5 as Range<UInt32> {
      let now = UInt64(serial) * Dialer.longDelay
      guard case .connect = attempts.next(at: now) else {
        Issue.record("attempt \(serial)")
        return
      }
      attempts.began(try Attempt(to: Endpoint(place, port: ground.port), serial: serial))
      #expect(1 + attempts.live.count <= EgressConfinement.descriptorsOfConnection)
    }
    #expect(attempts.live.map(\.serial) == [2, 3, 4])
  }

  @Test func withoutAnAddressNothingIsBegun() {
    var dialer = Dialer([], errno: EACCES)
    #expect(dialer.next(at: 0) == .failed(EACCES))
  }
}
