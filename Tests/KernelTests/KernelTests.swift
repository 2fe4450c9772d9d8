import Glibc
@testable import Kernel
import Testing

@Suite struct ClockTests {
  @Test(
    arguments: [
      (0, "1970-1-1"), (59, "1970-3-1"), (11_016, "2000-2-29"), (11_017, "2000-3-1"),
      (20_513, "2026-3-1"), (47_541, "2100-3-1"),
    ] as [(Int64, String)])
  func civilDate(days: Int64, expected: String) {
    let date = Clock.civilDate(daysSinceEpoch: days)
    #expect("\(date.year)-\(date.month)-\(date.day)" == expected)
  }
}

@Suite struct FilesTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let path = "/tmp/cordon-kernel-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeDirectories(path, mode: 0o700)
    defer {
      for name in (try? Files.list(path)) ?? [] { try? Files.remove("\(path)/\(name)") }
      try? Files.remove(path)
    }
    try body(path)
  }

  @Test func replaceLeavesNoTemporaryFileBehind() throws {
    try withDirectory { directory in
      let path = "\(directory)/store"
      try Files.replace(path, with: [1, 2, 3], mode: 0o600)
      try Files.replace(path, with: [4], mode: 0o600)
      #expect(try Files.read(path, limit: 16) == [4])
      #expect(try Files.status(path).mode == 0o600)
      #expect(try Files.list(directory) == ["store"])
    }
  }

  /// After the rename the new bytes count: an error would say that the old ones do.
  @Test func aDirectoryThatCannotBeSynchronisedIsNoFailure() throws {
    try withDirectory { directory in
      let path = "\(directory)/store"
      try Files.replace(path, with: [1], mode: 0o600)
      let failure = SystemError(step: "fsync", subject: directory, errno: Errno(EIO))
      let durability = try Files.replace(path, with: [2], mode: 0o600) {
        (synchronized) throws(SystemError) in
        #expect(synchronized == directory)
        throw failure
      }
      #expect(durability == .unknown(failure))
      #expect(try Files.read(path, limit: 16) == [2])
      #expect(try Files.replace(path, with: [3], mode: 0o600) == .durable)
    }
  }

  @Test func readRefusesMoreThanItsLimit() throws {
    try withDirectory { directory in
      try Files.replace("\(directory)/big", with: [UInt8](repeating: 0, count: 17), mode: 0o600)
      #expect(throws: SystemError(step: "read", subject: "\(directory)/big", errno: Errno(EFBIG))) {
        try Files.read("\(directory)/big", limit: 16)
      }
    }
  }

  @Test func aPeerThatLeftThingsUnreadIsTheEndOfItsSocket() throws {
    let pair = try SocketPair()
    let ours = pair.ours
    do {
      let theirs = pair.theirs
      try Files.write([1, 2], to: theirs, subject: "theirs")
      try Files.write([3], to: ours, subject: "ours")
    }
    #expect(try Files.read(ours, limit: 16, subject: "ours") == [1, 2])
  }

  @Test func anErrorNamesStepSubjectAndErrno() {
    #expect(throws: SystemError(step: "open", subject: "/nonexistent/x", errno: Errno(ENOENT))) {
      try Files.read("/nonexistent/x", limit: 1)
    }
    #expect(
      SystemError(step: "open", subject: "/x", errno: Errno(ENOENT)).description
        == "open: /x: no such file or directory (ENOENT)")
  }

  @Test func descriptorsAreCloseOnExec() throws {
    let descriptor = try Files.open("/dev/null", flags: O_RDONLY)
    let flags = descriptor.withRaw { fcntl($0, F_GETFD) }
    #expect(flags & FD_CLOEXEC != 0)
  }
}

@Suite struct PasswordDatabaseTests {
  @Test func passesOverLinesThatAreNotEntries() {
    let database = PasswordDatabase(
      text: "root:x:0:0:root:/root:/bin/sh\nbroken\na:x:b:1::/:\nu:x:7:8:,,:/home/u:/bin/sh\n")
    #expect(database.entries.map(\.name) == ["root", "u"])
    #expect(database.entry(uid: 7)?.home == "/home/u")
    #expect(database.entry(name: "nobody") == nil)
  }
}
