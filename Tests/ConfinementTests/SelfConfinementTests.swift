import CLinux
import Glibc
import Kernel
import Testing

@testable import Confinement

/// What one of Cordon's own processes can do no more, each in a process of its own.
@Suite struct SelfConfinementTests {
  /// Stands for a filter: the real ones are tried in SystemCallFilterTests and end to end.
  static func refuseParent() throws(SystemError) {
    // struct sock_filter: load the call's number; getppid fails with EPERM; allow the rest.
    func word(_ code: UInt64, _ ifTrue: UInt64, _ ifFalse: UInt64, _ value: UInt64) -> UInt64 {
      code | ifTrue << 16 | ifFalse << 24 | value << 32
    }
    #if arch(x86_64)
      let getppid: UInt64 = 110
    #else
      let getppid: UInt64 = 173
    #endif
    let words = [
      word(0x20, 0, 0, 0), word(0x15, 0, 1, getppid), word(0x06, 0, 0, 0x0005_0000 | 1),
      word(0x06, 0, 0, 0x7FFF_0000),
    ]
    try check("seccomp", "test") { unsafe clinux_seccomp_install(words, words.count) }
  }

  static func plain(_ landlock: Landlock?) -> SelfConfinement {
    SelfConfinement(
      of: "test", limits: [.init("core", clinux_rlimit_core, 0)], scopes: .abstractSockets,
      landlock: landlock)
  }

  @Test func leavesNothing() async {
    await #expect(processExitsWith: .success) {
      do throws(SystemError) {
        try SelfConfinementTests.plain(.ofThisKernel()).enter {
          () throws(SystemError) in
          try SelfConfinementTests.refuseParent()
        }
        try Privileges.verify(only: [])
      } catch {
        Folder.fail("\(error)")
      }
      guard clinux_dumpable() == 0 else { Folder.fail("dumpable") }
      var soft: UInt64 = 1
      var hard: UInt64 = 1
      guard unsafe clinux_get_rlimit(clinux_rlimit_core, &soft, &hard) == 0, hard == 0 else {
        Folder.fail("core \(soft) \(hard)")
      }
      if Landlock.ofThisKernel() != nil {
        guard unsafe clinux_open("/etc/passwd", O_RDONLY, 0) < 0, Errno.current.code == EACCES
        else { Folder.fail("files are in reach") }
      }
      exit(0)
    }
  }

  @Test func aFilterWithoutEffectIsFound() async {
    await #expect(processExitsWith: .success) {
      do throws(SystemError) {
        try SelfConfinementTests.plain(nil).enter { () throws(SystemError) in }
      } catch {
        exit(error.step == "test: verify" && error.subject == "getppid succeeded" ? 0 : 1)
      }
      Folder.fail("no error")
    }
  }

  @Test func aWallWithoutEffectIsFound() async {
    await #expect(processExitsWith: .success) {
      do throws(SystemError) {
        let open = SelfConfinement(
          of: "test", paths: [PathRule("/dev", .readFile)], scopes: [],
          landlock: .ofThisKernel())
        try open.enter { () throws(SystemError) in try SelfConfinementTests.refuseParent() }
      } catch {
        exit(error.step == "test: verify" && error.subject == "open /dev/null succeeded" ? 0 : 1)
      }
      if Landlock.ofThisKernel() == nil { exit(0) }
      Folder.fail("no error")
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root has a capability to keep"))
  func keepsWhatIsNamedAndNoMore() async {
    await #expect(processExitsWith: .success) {
      do throws(SystemError) {
        let confinement = SelfConfinement(
          of: "test", keeping: [.kill], scopes: [], landlock: nil)
        try confinement.enter {
          () throws(SystemError) in try SelfConfinementTests.refuseParent()
        }
        try Privileges.verify(only: [.kill])
      } catch {
        Folder.fail("\(error)")
      }
      do throws(SystemError) {
        try Privileges.verify(only: [])
      } catch {
        exit(0)
      }
      Folder.fail("CAP_KILL is not seen")
    }
  }
}
