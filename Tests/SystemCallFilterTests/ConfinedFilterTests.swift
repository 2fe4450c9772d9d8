import FilterCompiler
import Glibc
import Kernel
import SystemCallFilter
import Testing

/// The filters of Cordon's own parts: anything that they do not need ends them.
@Suite struct ConfinedFilterTests {
  static let fatal: [Probe] = [
    Probe("openat", -100, 0, 0),
    Probe("execve", 0, 0, 0),
    Probe("clone", 17),
    Probe("socket", 1, 1, 0),
    Probe("connect", -1, 0, 0),
    Probe("mmap", 0, 4096, 4, 0x22, -1, note: "executable"),
    Probe("mmap", 0, 4096, (1 << 32) | 5, 0x22, -1, note: "executable, upper bits"),
    Probe("mprotect", 0, 0, 4, note: "executable"),
    Probe("fcntl", 0, 0, note: "copy a descriptor"),
    Probe("prctl", 38, 1, 0, 0, 0),
    Probe("ptrace", 0),
    Probe("unlinkat", -1, 0, 0),
  ]

  @Test(arguments: fatal)
  func endsTheRelay(_ probe: Probe) throws {
    if case .signal = try probe.run(under: nil) { Issue.record("fatal without a filter too") }
    #expect(try probe.run(under: .relay) == .signal(SIGSYS))
  }

  @Test(arguments: fatal)
  func endsPID1(_ probe: Probe) throws {
    #expect(try probe.run(under: .initProcess) == .signal(SIGSYS))
  }

  static let relayNeeds: [Probe] = [
    Probe("mmap", 0, 4096, 3, 0x22, -1),
    Probe("write", 2, 0, 0),
    Probe("fcntl", 0, 3),
    Probe("clock_gettime", 0, 0, note: "fault"),
    Probe("epoll_wait", -1, 0, 0, 0),
    Probe("ioctl", 0, 0x541B, 0, note: "FIONREAD"),
    Probe("getrandom", 0, 0, 0),
  ]

  @Test(arguments: relayNeeds)
  func permitsTheRelay(_ probe: Probe) throws {
    let outside = try probe.run(under: nil)
    #expect(try probe.run(under: .relay) == outside)
  }

  @Test func signalsAreForPID1Only() throws {
    let probe = Probe("kill", Int64(Int32.max), 0, note: "nobody")
    #expect(try probe.run(under: .initProcess) == .failed(Errno(ESRCH)))
    #expect(try probe.run(under: .relay) == .signal(SIGSYS))
  }
}
