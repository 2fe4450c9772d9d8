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

  private static func enter(_ folder: String) throws {
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

  @Test func letsGoOfTheHostsMessages() async throws {
    let scratch = try scene()
    await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
      let inherited = unsafe Glibc.open("/etc/passwd", O_RDONLY)
      do {
        try SupervisorConfinementTests.enter(folder)
      } catch {
        SupervisorConfinementTests.fail("\(error)")
      }
      // A host may know a program's end by it.
      if inherited < 0 || fcntl(inherited, F_GETFD) < 0 {
        SupervisorConfinementTests.fail("the inherited descriptor \(inherited) is closed")
      }
      for standard in Int32(0)...1 {
        var byte: UInt8 = 0
        // Nobody is at the other end of what stands there.
        guard unsafe read(standard, &byte, 1) == 0 else {
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
