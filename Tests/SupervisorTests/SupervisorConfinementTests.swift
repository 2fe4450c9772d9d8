import CLinux
import Confinement
import Glibc
import Kernel
import Manifest
import Testing

@testable import Supervisor

/// What a supervisor can do no more once both parts run, and what it still can: each tried before and
/// after, in a process of its own. Its filter by itself is tried in SystemCallFilterTests.
@Suite struct SupervisorConfinementTests {
  /// Opens below the folder, by flags; the errno, or 0.
  private static func open(_ path: String, _ flags: Int32) -> Int32 {
    let raw = unsafe clinux_open(path, flags, 0o600)
    return raw < 0 ? Errno.current.code : 0
  }

  private static func fail(_ reason: String) -> Never {
    let line = Array("\(reason)\n".utf8)
    _ = unsafe write(2, line, line.count)
    exit(1)
  }

  private static func enter(_ folder: String, inheriting inherited: Int32 = -1) throws {
    // What a test's process inherits is the test's business.
    for number in try Files.list("/proc/self/fd").compactMap({ Int32($0) })
    where number > 2 && number != inherited {
      _ = clinux_fcntl_int(number, F_SETFD, FD_CLOEXEC)
    }
    try SupervisorConfinement.enter(
      keeping: [.kill],
      reaching: [PathRule("\(folder)/approvals", SupervisorConfinement.store)],
      landlock: .ofThisKernel())
  }

  private func scene() throws -> Scratch {
    let scratch = try Scratch()
    for name in ["approvals", "elsewhere"] {
      try Files.makeDirectories("\(scratch.path)/\(name)", mode: 0o700)
    }
    return scratch
  }

  @Test(.enabled(if: Landlock.ofThisKernel() != nil))
  func reachesItsStoreAndNothingElse() async throws {
    let scratch = try scene()
    await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
      let making = O_WRONLY | O_CREAT
      let denied = [
        ("/etc/passwd", O_RDONLY), ("/proc/self/status", O_RDONLY), ("/dev/null", O_RDWR),
        ("\(folder)/elsewhere/made", making), ("\(folder)/elsewhere", O_RDONLY),
      ]
      for (path, flags) in denied {
        let code = SupervisorConfinementTests.open(path, flags)
        if code != 0 { SupervisorConfinementTests.fail("\(path) before: \(Errno(code))") }
      }
      do {
        try SupervisorConfinementTests.enter(folder)
        let store = try ApprovalStore(directory: "\(folder)/approvals", name: "notes")
        try store.update { record in
          record = ServerRecord()
        } ifNotDurable: { error in
          SupervisorConfinementTests.fail("\(error)")
        }
        _ = try store.load()
        _ = try Files.replace("\(folder)/approvals/notes.json", with: [1], mode: 0o600)
        _ = try Files.list("\(folder)/approvals")
        try Files.remove("\(folder)/approvals/notes.json")
      } catch {
        SupervisorConfinementTests.fail("\(error)")
      }
      for (path, flags) in denied {
        let code = SupervisorConfinementTests.open(path, flags)
        if code != EACCES { SupervisorConfinementTests.fail("\(path): \(Errno(code))") }
      }
      exit(0)
    }
  }

  @Test func holdsNothingOfTheHosts() async throws {
    let scratch = try scene()
    await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
      let inherited = unsafe Glibc.open("/etc/passwd", O_RDONLY)
      let own = unsafe clinux_open("/etc/passwd", O_RDONLY, 0)
      do {
        try SupervisorConfinementTests.enter(folder, inheriting: inherited)
      } catch {
        SupervisorConfinementTests.fail("\(error)")
      }
      if inherited < 0 || fcntl(inherited, F_GETFD) >= 0 {
        SupervisorConfinementTests.fail("the inherited descriptor \(inherited) is open")
      }
      if own < 0 || fcntl(own, F_GETFD) < 0 { SupervisorConfinementTests.fail("its own is closed") }
      for standard in Int32(0)...1 {
        var status = stat()
        // The device 1:3 is /dev/null.
        guard unsafe fstat(standard, &status) == 0, status.st_rdev == 1 << 8 | 3 else {
          SupervisorConfinementTests.fail("descriptor \(standard) is the host's")
        }
      }
      exit(0)
    }
  }

  @Test func startsNothing() async throws {
    let scratch = try scene()
    await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
      do {
        try SupervisorConfinementTests.enter(folder)
      } catch {
        SupervisorConfinementTests.fail("\(error)")
      }
      let pid = clinux_fork()
      guard pid == -1, Errno.current.code == EPERM else { SupervisorConfinementTests.fail("fork") }
      guard clinux_dumpable() == -1, Errno.current.code == EPERM else {
        SupervisorConfinementTests.fail("prctl")
      }
      exit(0)
    }
  }

  @Test func aStoreThatIsNotThereIsANamedFailure() async throws {
    let scratch = try scene()
    await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
      do throws(SystemError) {
        try SupervisorConfinement.enter(
          keeping: [.kill],
          reaching: [PathRule("\(folder)/nowhere", SupervisorConfinement.store)],
          landlock: Landlock(version: 1))
      } catch {
        exit(error.subject == "\(folder)/nowhere" && error.errno.code == ENOENT ? 0 : 1)
      }
      SupervisorConfinementTests.fail("no error")
    }
  }
}
