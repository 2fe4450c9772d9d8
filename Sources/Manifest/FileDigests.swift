public import Digest
import Glibc
public import Kernel

/// Digests of files, remembered by device, inode, size and times, so that a large one is read
/// once.
///
/// It is a cache: what is missing, unreadable or not ours alone in its file is computed again.
public struct FileDigests: Sendable {
  private struct Identity: Hashable {
    let words: [Int64]

    init(_ status: FileStatus) {
      words = [
        Int64(truncatingIfNeeded: status.device), Int64(truncatingIfNeeded: status.inode),
        status.size, status.modifiedSeconds, status.modifiedNanoseconds, status.changedSeconds,
        status.changedNanoseconds,
      ]
    }

    init(words: [Int64]) {
      self.words = words
    }
  }

  private static let entryLimit = 1_024
  private static let fileLimit = 1 << 20
  private let path: String
  private var known: [Identity: Digest] = [:]
  private var isChanged = false

  /// - Parameter path: the cache's own file, in a directory that only its owner can change.
  public init(path: String) {
    self.path = path
    guard let bytes = FileDigests.read(path) else { return }
    for line in bytes.split(separator: UInt8(ascii: "\n")).prefix(FileDigests.entryLimit) {
      let fields = line.split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      let words = fields.dropLast().compactMap { Int64($0) }
      guard fields.count == 8, words.count == 7, let digest = Digest(hex: fields[7]) else {
        continue
      }
      known[Identity(words: words)] = digest
    }
  }

  /// The digest of a file's content.
  ///
  /// - Throws: where it cannot be read, or changed while it was (`EBUSY`).
  public mutating func digest(of file: String) throws(SystemError) -> Digest {
    let descriptor = try Files.open(file, flags: O_RDONLY | O_NONBLOCK)
    let status = try Files.status(descriptor, subject: file)
    guard status.kind == .regular else {
      throw SystemError(step: "digest", subject: file, errno: Errno(EINVAL))
    }
    let identity = Identity(status)
    if let digest = known[identity] { return digest }
    var state = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try descriptor.withRaw { (raw) throws(SystemError) in
        // The kernel writes no more than the buffer holds.
        try check("read", file) { unsafe Glibc.read(raw, &buffer, buffer.count) }
      }
      if count == 0 { break }
      state.update(buffer[..<count])
    }
    guard Identity(try Files.status(descriptor, subject: file)) == identity else {
      throw SystemError(step: "digest", subject: file, errno: Errno(EBUSY))
    }
    let digest = state.finish()
    // A file changed again within one tick of the clock would look the same: only what has been
    // at rest is remembered.
    if Clock.realTime().seconds - max(status.modifiedSeconds, status.changedSeconds) > 2 {
      if known.count >= FileDigests.entryLimit { known = [:] }
      known[identity] = digest
      isChanged = true
    }
    return digest
  }

  /// Writes what was learnt. Two writers at once lose one's entries, which costs time only.
  public mutating func save() throws(SystemError) {
    guard isChanged else { return }
    var bytes: [UInt8] = []
    for (identity, digest) in known {
      for word in identity.words { bytes += Array("\(word) ".utf8) }
      bytes += Array("\(digest.hex)\n".utf8)
    }
    try Files.replace(path, with: bytes, mode: 0o600)
    isChanged = false
  }

  private static func read(_ path: String) -> [UInt8]? {
    do throws(SystemError) {
      let file = try Files.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      let status = try Files.status(file, subject: path)
      guard status.kind == .regular, status.uid == geteuid(), status.mode & 0o077 == 0 else {
        return nil
      }
      return try Files.read(file, limit: fileLimit, subject: path)
    } catch {
      return nil
    }
  }
}
