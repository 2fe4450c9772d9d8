import CLinux
import Glibc
import Kernel
import Testing

@testable import Confinement

/// What Landlock denies, each tried before the wall and behind it, in a process of its own.
@Suite struct LandlockTests {
  /// One thing that a process may do with files. `0` for done, else the errno.
  enum Attempt: String, CaseIterable, Codable, Sendable {
    case read, list, write, make, remove, rename, moveAcross, linkAcross, truncate, makeSocket
    case makePipe, makeLink, makeDirectory

    /// In a folder with `file`, `other/` and `full/`.
    func run(in folder: String) -> Int32 {
      func errno(_ result: Int32) -> Int32 { result < 0 ? Errno.current.code : 0 }
      func open(_ name: String, _ flags: Int32) -> Int32 {
        let raw = unsafe clinux_open("\(folder)/\(name)", flags, 0o600)
        let code = errno(raw)
        if raw >= 0 { close(raw) }
        return code
      }
      let name = "\(folder)/\(rawValue)"
      return switch self {
      case .read: open("file", O_RDONLY)
      case .list: open("other", O_RDONLY | O_DIRECTORY)
      case .write: open("file", O_WRONLY)
      case .make: open("made-\(getpid())", O_WRONLY | O_CREAT | O_EXCL)
      case .remove: errno(unsafe Glibc.unlink("\(folder)/full/removed"))
      case .rename: errno(unsafe Glibc.rename("\(folder)/full/moved", "\(folder)/full/moved-again"))
      case .moveAcross:
        errno(unsafe Glibc.rename("\(folder)/full/across", "\(folder)/other/across"))
      case .linkAcross: errno(unsafe link("\(folder)/file", "\(folder)/other/linked"))
      case .truncate: errno(unsafe Glibc.truncate("\(folder)/file", 1))
      case .makeSocket: errno(unsafe mknod(name, S_IFSOCK | 0o600, 0))
      case .makePipe: errno(unsafe mkfifo(name, 0o600))
      case .makeLink: errno(unsafe symlink("file", name))
      case .makeDirectory: errno(unsafe mkdir(name, 0o700))
      }
    }
  }

  struct Case: Codable, Sendable, CustomTestStringConvertible {
    let attempt: Attempt
    let rights: UInt64
    let expected: Int32
    var version = 7

    var testDescription: String { "\(attempt.rawValue) with \(rights) in version \(version)" }

    init(_ attempt: Attempt, _ rights: PathRights, _ expected: Int32, version: Int = 7) {
      self.attempt = attempt
      self.rights = rights.rawValue
      self.expected = expected
      self.version = version
    }
  }

  static let reading: PathRights = [.readFile, .readDirectory]
  static let writing: PathRights = [
    .readFile, .readDirectory, .writeFile, .truncate, .removeFile, .removeDirectory, .makeFile,
    .makeDirectory, .makeLink, .makePipe, .makeSocket, .refer,
  ]

  static let cases: [Case] =
    Attempt.allCases.map { Case($0, [], EACCES) }
    + Attempt.allCases.map { Case($0, reading, [.read, .list].contains($0) ? 0 : EACCES) }
    + Attempt.allCases.map { Case($0, writing, 0) }
    + [
      // Without the right to move between directories the kernel says what it says of two disks.
      Case(.moveAcross, writing.subtracting(.refer), EXDEV),
      Case(.linkAcross, writing.subtracting(.refer), EXDEV),
      // A right that a version does not know is not denied.
      Case(.truncate, writing.subtracting(.truncate), EACCES),
      Case(.truncate, writing.subtracting(.truncate), 0, version: 2),
      // The first version denies moving whatever the rules say.
      Case(.moveAcross, writing, EXDEV, version: 1),
    ]

  @Test(.enabled(if: Landlock.ofThisKernel() != nil), arguments: cases)
  func deniesWhatNoRuleGives(_ item: Case) async throws {
    let (outside, inside) = (try Folder(), try Folder())
    await #expect(processExitsWith: .success) {
      [item = item as Case, outside = outside.path as String, inside = inside.path as String] in
      do throws(SystemError) {
        let without = item.attempt.run(in: outside)
        guard without == 0 else { Folder.fail("\(item.attempt) fails outside: \(without)") }
        guard clinux_no_new_privileges() == 0 else { Folder.fail("no_new_privs") }
        let rules = [PathRule(inside, PathRights(rawValue: item.rights))]
        try Landlock(version: item.version).restrict(
          to: item.rights == 0 ? [] : rules, followsLinks: true, scopes: [], tcp: .unrestricted)
        let found = item.attempt.run(in: inside)
        guard found == item.expected else { Folder.fail("\(item): \(Errno(found).name)") }
        // What no rule names is out of reach, whatever may be done elsewhere.
        guard Attempt.read.run(in: outside) == EACCES else { Folder.fail("outside is open") }
      } catch {
        Folder.fail("\(error)")
      }
      exit(0)
    }
  }

  /// What a leaked descriptor is worth: the file stays open, but cannot be opened again.
  @Test(.enabled(if: Landlock.ofThisKernel() != nil))
  func aDescriptorIsNoWayToItsFile() async throws {
    let folder = try Folder()
    await #expect(processExitsWith: .success) { [folder = folder.path as String] in
      do throws(SystemError) {
        let raw = unsafe clinux_open("\(folder)/file", O_RDONLY, 0)
        let name = "/proc/self/fd/\(raw)"
        guard unsafe clinux_open(name, O_RDWR, 0) >= 0 else { Folder.fail("outside") }
        guard clinux_no_new_privileges() == 0 else { Folder.fail("no_new_privs") }
        try Landlock(version: 7).restrict(
          to: [PathRule("/proc", LandlockTests.reading)], followsLinks: true, scopes: [],
          tcp: .unrestricted)
        guard unsafe clinux_open(name, O_RDWR, 0) < 0, Errno.current.code == EACCES else {
          Folder.fail("opened again")
        }
        var byte: UInt8 = 0
        guard unsafe read(raw, &byte, 1) == 1 else { Folder.fail("the open file is closed") }
      } catch {
        Folder.fail("\(error)")
      }
      exit(0)
    }
  }

  @Test(.enabled(if: (Landlock.ofThisKernel()?.version ?? 0) >= 6))
  func signalsStayInside() async {
    await #expect(processExitsWith: .success) {
      guard kill(getppid(), 0) == 0 else { Folder.fail("outside") }
      guard clinux_no_new_privileges() == 0 else { Folder.fail("no_new_privs") }
      do throws(SystemError) {
        try Landlock(version: 6).restrict(
          to: [], followsLinks: true, scopes: .signals, tcp: .unrestricted)
      } catch {
        Folder.fail("\(error)")
      }
      guard kill(getppid(), 0) == -1, Errno.current.code == EPERM else { Folder.fail("signalled") }
      exit(0)
    }
  }

  /// Ports that nobody listens on, so that what is allowed is refused by the peer and not by the rules.
  @Test(.enabled(if: (Landlock.ofThisKernel()?.version ?? 0) >= 4))
  func connectsToItsPortsAlone() async {
    await #expect(processExitsWith: .success) {
      guard clinux_tcp_probe(0) == 0 else { Folder.fail("bind fails outside") }
      guard clinux_tcp_probe(1) != 0, Errno.current.code != EACCES else { Folder.fail("outside") }
      guard clinux_no_new_privileges() == 0 else { Folder.fail("no_new_privs") }
      do throws(SystemError) {
        let landlock = Landlock(version: 4)
        try landlock.restrict(
          to: [], followsLinks: true, scopes: [], tcp: .connecting(to: nil))
        guard clinux_tcp_probe(0) != 0, Errno.current.code == EACCES else { Folder.fail("bind") }
        guard clinux_tcp_probe(1) != 0, Errno.current.code != EACCES else {
          Folder.fail("every port")
        }
        try landlock.restrict(
          to: [], followsLinks: true, scopes: [], tcp: .connecting(to: [0, 443]))
        guard clinux_tcp_probe(1) != 0, Errno.current.code != EACCES else {
          Folder.fail("a port of its own")
        }
        try landlock.restrict(
          to: [], followsLinks: true, scopes: [], tcp: .connecting(to: [443]))
        guard clinux_tcp_probe(1) != 0, Errno.current.code == EACCES else {
          Folder.fail("another port")
        }
      } catch {
        Folder.fail("\(error)")
      }
      exit(0)
    }
  }

  @Test(.enabled(if: Landlock.ofThisKernel() != nil))
  func aRuleForWhatIsNotThereIsAnError() async {
    await #expect(processExitsWith: .success) {
      guard clinux_no_new_privileges() == 0 else { Folder.fail("no_new_privs") }
      do throws(SystemError) {
        try Landlock(version: 2).restrict(
          to: [PathRule("/nowhere", .readFile)], followsLinks: false, scopes: [],
          tcp: .unrestricted)
      } catch {
        exit(error.errno.code == ENOENT && error.subject == "/nowhere" ? 0 : 1)
      }
      Folder.fail("no error")
    }
  }
}
