import FilterCompiler
import Glibc
import Kernel
import SystemCallFilter
import Testing

/// What a profile opens with `system.allow`, as the person at the launch is told.
@Suite struct WideningTests {
  @Test func whatIsAllowedAnywayOpensNothing() {
    #expect(FilterBase.standard.widened(by: ["read", "kill", "waitpid"]).isEmpty)
    #expect(FilterBase.strict.widened(by: ["read"]).isEmpty)
  }

  static let grave: [String] = [
    "clone", "clone3", "unshare", "setns", "mount", "open_tree", "socket", "io_uring_setup", "bpf",
    "perf_event_open", "userfaultfd", "keyctl", "request_key", "open_by_handle_at", "init_module",
    "kexec_load", "modify_ldt",
  ]

  @Test(arguments: grave, FilterBase.allCases)
  func graveOnesAreCalledSo(_ call: String, _ base: FilterBase) throws {
    guard SystemCallNames.number(of: call, on: .current) != nil else { return }
    let widened = try #require(base.widened(by: [call]).first)
    #expect(widened.isGrave)
    #expect(widened.name == call)
  }

  @Test(arguments: [
    "ptrace", "sendfile", "personality", "ioctl", "io_setup", "mbind", "memfd_secret",
  ])
  func othersAreOnlyTold(_ call: String) throws {
    let widened = try #require(FilterBase.standard.widened(by: [call]).first)
    #expect(!widened.isGrave)
    #expect(!widened.opens.isEmpty)
  }

  @Test func whatTheDefaultHasIsAllowedUnderStrictAsThere() throws {
    let widened = try #require(FilterBase.strict.widened(by: ["kill"]).first)
    #expect(!widened.isGrave)
    #expect(widened.opens.hasPrefix("as in the default filter: "))
    let program = try FilterProgram.server(.strict, allow: ["kill", "personality"], deny: [])
    #expect(try Probe("kill", Int64(Int32.max), 0).run(under: .strict) == .failed(Errno(ENOSYS)))
    #expect(try Probe("kill", Int64(Int32.max), 0).run(under: program) == .failed(Errno(ESRCH)))
    #expect(try Probe("personality", 0xFFFF_FFFF).run(under: program) == .succeeded)
    #expect(try Probe("personality", 0x40_0000).run(under: program) == .failed(Errno(EPERM)))
  }

  /// Whoever adds a group that refuses has to say what it means to open it.
  @Test func everyGroupThatRefusesSaysWhatItOpens() {
    for filter in [Filter.server, .strict] {
      for group in filter.groups {
        let isOpen = group.decision == .action(.allow)
        #expect((group.opening == nil) == isOpen, "\(group.intent)")
      }
    }
  }

  /// They are printed at a launch after the call's name, in one line.
  @Test func meaningsAreShort() {
    for group in Filter.server.groups {
      guard let meaning = group.opening?.meaning else { continue }
      #expect(meaning.utf8.count <= 90 && !meaning.contains("\n"), "\(meaning)")
      #expect(!meaning.hasSuffix("."))
    }
  }
}
