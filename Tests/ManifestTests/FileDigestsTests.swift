import Digest
import Glibc
import Kernel
import Manifest
import Testing

@Suite struct FileDigestsTests {
  private let scratch: Scratch
  private let cache: String
  private let file: String

  init() throws {
    scratch = try Scratch()
    cache = "\(scratch.path)/digests"
    file = "\(scratch.path)/file"
    try Files.replace(file, with: Array("abc".utf8), mode: 0o600)
  }

  /// As if the file had been at rest for a while; the kernel alone sets the time of change, so the
  /// cache's entry is made to fit it.
  private func remember(_ digest: Digest) throws {
    let status = try Files.status(file)
    let words: [Int64] = [
      Int64(status.device), Int64(status.inode), status.size, status.modifiedSeconds,
      status.modifiedNanoseconds, status.changedSeconds, status.changedNanoseconds,
    ]
    let line = words.map(String.init).joined(separator: " ") + " \(digest)\nrubbish\n"
    try Files.replace(cache, with: Array(line.utf8), mode: 0o600)
  }

  @Test func contentIsDigested() throws {
    var digests = FileDigests(path: cache)
    #expect(try digests.digest(of: file) == SHA256.hash("abc".utf8))
    try Files.replace(file, with: Array("abd".utf8), mode: 0o600)
    #expect(try digests.digest(of: file) == SHA256.hash("abd".utf8))
  }

  @Test func whatIsAtRestIsRemembered() throws {
    var digests = FileDigests(path: cache)
    let system = "/usr/bin/env"
    let digest = try digests.digest(of: system)
    try digests.save()
    #expect(try Files.read(cache, limit: 1 << 20).count > 64)
    var again = FileDigests(path: cache)
    #expect(try again.digest(of: system) == digest)
  }

  @Test func entryIsUsedWhileTheFileIsTheSame() throws {
    let other = SHA256.hash("other".utf8)
    try remember(other)
    var digests = FileDigests(path: cache)
    #expect(try digests.digest(of: file) == other)
    // The same length, and another time of change.
    try Files.replace(file, with: Array("abd".utf8), mode: 0o600)
    #expect(try digests.digest(of: file) == SHA256.hash("abd".utf8))
  }

  @Test func cacheThatOthersCanWriteIsNotUsed() throws {
    try remember(SHA256.hash("other".utf8))
    unsafe chmod(cache, 0o620)
    var digests = FileDigests(path: cache)
    #expect(try digests.digest(of: file) == SHA256.hash("abc".utf8))
  }

  @Test(.timeLimit(.minutes(1)))
  func onlyFilesHaveDigests() throws {
    var digests = FileDigests(path: cache)
    #expect(throws: SystemError.self) { try digests.digest(of: "/dev/zero") }
    #expect(throws: SystemError.self) { try digests.digest(of: scratch.path) }
    #expect(throws: SystemError.self) { try digests.digest(of: "\(scratch.path)/none") }
  }
}
