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

  /// What only someone who took the egress process over would try.
  static let egressEnd: [Probe] =
    fatal.filter { !["openat", "connect"].contains($0.name) } + [
      Probe("openat", -100, 0, 1, note: "for writing"),
      Probe("openat", -100, 0, 2, note: "for both"),
      Probe("openat", -100, 0, 0x40, note: "O_CREAT"),
      Probe("openat", -100, 0, 0x200, note: "O_TRUNC"),
      Probe("openat", -100, 0, (1 << 32) | 1, note: "for writing, upper bits"),
      Probe("socket", 16, 3, 0, note: "netlink"), Probe("socket", 17, 3, 0, note: "packet"),
      Probe("socket", 2, 3, 1, note: "raw"), Probe("socket", 10, 3, 58, note: "raw, IPv6"),
      Probe("socket", 2, 1, 132, note: "SCTP"), Probe("socket", 2, 2, 136, note: "UDP-Lite"),
      Probe("socket", 40, 1, 0, note: "vsock"), Probe("socket", 38, 5, 0, note: "AF_ALG"),
      Probe("bind", -1, 0, 0), Probe("listen", -1, 0), Probe("kill", Int64(Int32.max), 0),
      Probe("fork"), Probe("mkdirat", -1, 0, 0), Probe("io_uring_setup", 0, 0),
      Probe("sendto", -1, 0, 0, 0x2000_0000, 0, 0, note: "MSG_FASTOPEN"),
      Probe("sendto", -1, 0, 0, (1 << 32) | 0x2000_4000, 0, 0, note: "MSG_FASTOPEN among others"),
      Probe("sendmsg", -1, 0, 0x2000_0000, note: "MSG_FASTOPEN"),
      Probe("sendmmsg", -1, 0, 0, 0x2000_0000, note: "MSG_FASTOPEN"),
    ]

  @Test(arguments: egressEnd)
  func endsTheEgressProcess(_ probe: Probe) throws {
    guard SystemCallNames.number(of: probe.name, on: .current) != nil else { return }
    if case .signal = try probe.run(under: nil) { Issue.record("fatal without a filter too") }
    #expect(try probe.run(under: .egress) == .signal(SIGSYS))
  }

  static let egressNeeds: [Probe] =
    relayNeeds + [
      Probe("openat", -100, 0, 0), Probe("openat", -100, 0, 0o2000000),
      Probe("socket", 2, 1, 0), Probe("socket", 10, 1, 6), Probe("socket", 2, 2, 0),
      Probe("socket", 10, 0x80802, 17), Probe("connect", -1, 0, 0), Probe("accept4", -1, 0, 0, 0),
      Probe("splice", -1, 0, -1, 0, 0, 0), Probe("pipe2", 0, 0), Probe("fcntl", -1, 1031, 1),
      Probe("sendto", -1, 0, 0, 0x4000, 0, 0, note: "MSG_NOSIGNAL"),
      Probe("sendmsg", -1, 0, 0x4000, note: "MSG_NOSIGNAL"),
      Probe("sendmmsg", -1, 0, 0, 0, note: "no flags"),
      // The flags of one are the count of the other.
      Probe("sendmmsg", -1, 0, 0x2000_0000, 0, note: "many"),
      Probe("setsockopt", -1, 1, 13, 0, 0, note: "SO_LINGER"),
      Probe("setsockopt", -1, 6, 1, 0, 0, note: "TCP_NODELAY"),
      Probe("getsockopt", -1, 0, 80, 0, 0, note: "SO_ORIGINAL_DST"),
    ]

  @Test(arguments: egressNeeds)
  func permitsTheEgressProcess(_ probe: Probe) throws {
    let outside = try probe.run(under: nil)
    #expect(try probe.run(under: .egress) == outside)
  }

  @Test(arguments: [
    Probe("setsockopt", -1, 6, 31, 0, 0, note: "TCP_ULP"),
    Probe("setsockopt", -1, 1, 26, 0, 0, note: "SO_ATTACH_FILTER"),
    Probe("setsockopt", -1, 0, 64, 0, 0, note: "IPT_SO_SET_REPLACE"),
    Probe("setsockopt", -1, 255, 1, 0, 0, note: "SOL_RAW"),
  ])
  func isRefusedToTheEgressProcess(_ probe: Probe) throws {
    #expect(try probe.run(under: nil) != .failed(Errno(EPERM)))
    #expect(try probe.run(under: .egress) == .failed(Errno(EPERM)))
  }

  /// Whatever only someone who took the supervisor over would try.
  static let supervisorsEnd: [Probe] = [
    Probe("execve", 0, 0, 0), Probe("execveat", -1, 0, 0, 0, 0), Probe("ptrace", 16, 0, 0, 0),
    Probe("process_vm_readv", 0, 0, 0, 0, 0, 0), Probe("mount", 0, 0, 0, 0, 0),
    Probe("unshare", -1), Probe("setns", -1, 0), Probe("socket", -1, -1, 0),
    Probe("connect", -1, 0, 0), Probe("kill", Int64(Int32.max), 0),
    Probe("pidfd_open", Int64(Int32.max), 0), Probe("pidfd_getfd", -1, 0, 0),
    Probe("io_uring_setup", 0, 0), Probe("bpf", -1, 0, 0), Probe("keyctl", -1, 0, 0, 0, 0),
    Probe("mmap", 0, 4096, 4, 0x22, -1, note: "executable"),
  ]

  @Test(arguments: supervisorsEnd)
  func endsTheSupervisor(_ probe: Probe) throws {
    if case .signal = try probe.run(under: nil) { Issue.record("fatal without a filter too") }
    #expect(try probe.run(under: .supervisor) == .signal(SIGSYS))
  }

  static let supervisorsRefused: [Probe] = [
    Probe("clone", 17), Probe("fork"), Probe("chmod", 0, 0), Probe("prctl", 3, 0, 0, 0, 0),
    Probe("fcntl", 0, 0, note: "copy a descriptor"), Probe("setuid", -1), Probe("getppid"),
    Probe("link", 0, 0), Probe("symlink", 0, 0), Probe("truncate", 0, 0),
  ]

  /// What was overlooked is told, and does not end a session.
  @Test(arguments: supervisorsRefused)
  func isRefusedToTheSupervisor(_ probe: Probe) throws {
    guard SystemCallNames.number(of: probe.name, on: .current) != nil else { return }
    #expect(try probe.run(under: nil) != .failed(Errno(EPERM)))
    #expect(try probe.run(under: .supervisor) == .failed(Errno(EPERM)))
  }

  static let supervisorNeeds: [Probe] =
    relayNeeds.filter { $0.name != "ioctl" } + [
      Probe("openat", -100, 0, 0), Probe("renameat", -1, 0, -1, 0), Probe("fsync", -1),
      Probe("flock", -1, 2), Probe("unlinkat", -1, 0, 0), Probe("getdents64", -1, 0, 0),
      Probe("pidfd_send_signal", -1, 0, 0, 0), Probe("wait4", Int64(Int32.max), 0, 1, 0),
    ]

  @Test(arguments: supervisorNeeds)
  func permitsTheSupervisor(_ probe: Probe) throws {
    let outside = try probe.run(under: nil)
    #expect(try probe.run(under: .supervisor) == outside)
  }

  /// Each part shows by this call that its filter is there.
  @Test(arguments: [FilterProgram.relay, .egress, .initProcess, .supervisor])
  func oneCallShowsTheFilter(_ filter: FilterProgram) throws {
    #expect(try Probe("getppid").run(under: nil) == .succeeded)
    #expect(try Probe("getppid").run(under: filter) == .failed(Errno(EPERM)))
  }

  @Test func signalsAreForPID1Only() throws {
    let probe = Probe("kill", Int64(Int32.max), 0, note: "nobody")
    #expect(try probe.run(under: .initProcess) == .failed(Errno(ESRCH)))
    #expect(try probe.run(under: .relay) == .signal(SIGSYS))
  }
}
