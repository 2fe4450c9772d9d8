import Glibc
import Testing

@testable import Kernel

@Suite struct PresenceLockTests {
  @Test func usersHoldItTogetherAndARemoverAlone() throws {
    let path = "/tmp/cordon-presence-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    defer { try? Files.remove(path) }
    var first = try PresenceLock.join(path)
    var second = try PresenceLock.join(path)
    #expect(first != nil && second != nil)
    #expect(try PresenceLock.alone(path) == nil)
    first = nil
    #expect(try PresenceLock.alone(path) == nil)
    second = nil
    let remover = try #require(try PresenceLock.alone(path))
    #expect(try PresenceLock.join(path) == nil)
    try remover.removeFile()
    // The next user's file is another one, and the remover's lock on the old one holds nobody up.
    #expect(try PresenceLock.join(path) != nil)
    withExtendedLifetime(remover) {}
  }
}
