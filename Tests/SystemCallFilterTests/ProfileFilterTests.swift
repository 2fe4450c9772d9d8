import Glibc
import Kernel
import SystemCallFilter
import Testing

@Suite struct ProfileFilterTests {
  @Test func allowsWhatTheProfileNames() throws {
    let filter = try FilterProgram.server(allow: ["userfaultfd", "personality"], deny: [])
    #expect(try Probe("userfaultfd", 1).run(under: filter) == .succeeded)
    #expect(try Probe("personality", 0x40_0000).run(under: filter) == .succeeded)
    #expect(try Probe("socket", 40, 1, 0).run(under: filter) == .failed(Errno(EAFNOSUPPORT)))
  }

  @Test func denialWins() throws {
    let filter = try FilterProgram.server(allow: ["getppid", "mseal"], deny: ["getppid", "mseal"])
    #expect(try Probe("getppid").run(under: .server) == .succeeded)
    #expect(try Probe("getppid").run(under: filter) == .failed(Errno(EPERM)))
    #expect(try Probe("mseal", 0, 0, 0).run(under: filter) == .failed(Errno(EPERM)))
  }

  @Test func withoutChangesItIsTheBuiltOne() throws {
    #expect(try FilterProgram.server(allow: [], deny: []) == .server)
  }

  @Test(arguments: [
    ("usrfaultfd", "userfaultfd"), ("peronality", "personality"), ("mseall", "mseal"),
    ("Ptrace", "ptrace"), ("xyzzyplughquux", nil), ("", nil), ("open\u{0}at", "openat"),
  ])
  func unknownNamesAreErrors(_ name: String, _ nearest: String?) {
    #expect(throws: FilterProblem.unknownCall(name, nearest: nearest)) {
      try FilterProgram.server(allow: [], deny: [name])
    }
  }

  @Test func callsOfOtherArchitecturesAreKnown() {
    #expect(FilterProgram.isKnownCall("open"))
    #expect(FilterProgram.isKnownCall("waitpid"))
    #expect(FilterProgram.isKnownCall("file_setattr"))
  }
}
