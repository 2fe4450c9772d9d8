import Kernel
import Testing

@testable import Supervisor

@Suite struct TeardownTests {
  private static let millisecond: UInt64 = 1_000_000

  @Test func aHostThatClosedGivesTheServerTimeToFinish() {
    var teardown = Teardown(.hostClosed, now: 0)
    #expect(teardown.take(now: 1_999 * Self.millisecond) == [])
    #expect(teardown.take(now: 2_000 * Self.millisecond) == [.terminateServer])
    #expect(teardown.take(now: 2_999 * Self.millisecond) == [])
    #expect(teardown.take(now: 3_000 * Self.millisecond) == [.killSandbox])
    #expect(teardown.next == nil)
  }

  @Test func aSignalLeaves50Milliseconds() {
    var teardown = Teardown(.signal(15), now: 0)
    #expect(teardown.take(now: 0) == [.terminateServer])
    #expect(teardown.next == 50 * Self.millisecond)
    #expect(teardown.take(now: 50 * Self.millisecond) == [.killSandbox])
  }

  @Test func withoutARelayNothingIsWaitedFor() {
    var teardown = Teardown(.fault("signal 9"), now: 7)
    #expect(teardown.take(now: 7) == [.killSandbox])
  }

  @Test func measuresThatAreLateAreAllTaken() {
    var teardown = Teardown(.hostClosed, now: 0)
    #expect(teardown.take(now: .max) == [.terminateServer, .killSandbox])
    #expect(teardown.take(now: .max) == [])
  }
}

@Suite struct SessionEndTests {
  @Test(
    arguments: [
      (SessionEnd.exited(status: 3), 3), (.killed(signal: 9), 137),
      (.hostClosed(serverStatus: 2), 0),
      (.interrupted(signal: 15), 143), (.programNotFound("/x"), 127),
      (.notStarted(step: "clone", subject: "x", errno: .init(1)), 69), (.fault("exit 1"), 70),
    ] as [(SessionEnd, Int32)])
  func exitStatus(end: SessionEnd, status: Int32) {
    #expect(end.exitStatus == status)
  }
}
