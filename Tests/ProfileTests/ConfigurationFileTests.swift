import Foundation
import Glibc
import Kernel
import Testing

@testable import Profile

@Suite struct ConfigurationFileTests {
  static let cases: [Case<(mode: UInt16, trust: ProfileTrust), Int32?>] = [
    Case("named, private", (0o600, .named), nil),
    Case("named, readable", (0o644, .named), nil),
    Case("named, group can write", (0o664, .named), EPERM),
    Case("named, all can write", (0o646, .named), EPERM),
    Case("by path, group can write", (0o664, .path), nil),
    Case("by path, all can write", (0o646, .path), EPERM),
  ]

  @Test(arguments: cases)
  func permissions(_ sample: Case<(mode: UInt16, trust: ProfileTrust), Int32?>) throws {
    try withFile { path in
      #expect(unsafe chmod(path, mode_t(sample.input.mode)) == 0)
      #expect(code(path, sample.input.trust, caller: getuid()) == sample.expected)
    }
  }

  /// The file is this process's own; seen from another caller it is another user's. Root's files
  /// are everyone's, so that as root there is nothing to refuse.
  @Test func anotherUsersFile() throws {
    try withFile { path in
      let expected: Int32? = getuid() == 0 ? nil : EPERM
      #expect(code(path, .named, caller: getuid() + 1) == expected)
      #expect(code(path, .path, caller: getuid() + 1) == nil)
    }
  }

  @Test func whatIsNoFile() throws {
    #expect(code("/", .named, caller: getuid()) == EINVAL)
    #expect(code("/dev/null", .path, caller: getuid()) != nil)
    #expect(code("/nonexistent.jsonc", .named, caller: getuid()) == ENOENT)
  }

  @Test func aFIFODoesNotHoldUpTheLaunch() throws {
    try withFile { path in
      let fifo = path + ".fifo"
      #expect(unsafe mkfifo(fifo, 0o600) == 0)
      defer { unsafe unlink(fifo) }
      #expect(code(fifo, .named, caller: getuid()) == EINVAL)
    }
  }

  private func code(_ path: String, _ trust: ProfileTrust, caller: UInt32) -> Int32? {
    do throws(SystemError) {
      _ = try ConfigurationFile.read(path, trust: trust, caller: caller)
      return nil
    } catch {
      return error.errno.code
    }
  }

  private func withFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "profile-\(UUID().uuidString).jsonc").path
    try Data("{}".utf8).write(to: URL(filePath: path))
    #expect(unsafe chmod(path, 0o600) == 0)
    defer { unsafe unlink(path) }
    try body(path)
  }
}
