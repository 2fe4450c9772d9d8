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

  @Test func withoutAnAddressNothingIsBegun() {
    var dialer = Dialer([], errno: EACCES)
    #expect(dialer.next(at: 0) == .failed(EACCES))
  }
}
