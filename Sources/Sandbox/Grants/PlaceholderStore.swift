import CLinux
import Control
import Glibc
import Kernel

/// Makes placeholders in users' directories and removes them again, also those of a session that
/// was killed together with whoever should have removed them.
///
/// Each session writes down what it makes before it makes it, in a file that it holds a lock on for
/// as long as it lives. Two sessions that need the same placeholder share it: the last one removes
/// it. Only an empty directory is ever removed.
struct PlaceholderStore {
  private let directory: String

  /// - Parameter directory: of Cordon's state; made where it is missing.
  init(directory: String) {
    self.directory = directory
  }

  /// What one session made, and its lock.
  struct Record: ~Copyable {
    fileprivate let path: String
    fileprivate let descriptor: OwnedDescriptor
    fileprivate var made: [Made] = []
  }

  fileprivate struct Made: Equatable {
    let placeholder: Placeholder
    /// Nil until it is made.
    let identity: FileIdentity?
  }

  /// Makes placeholders; what is there by now is left as it is.
  func make(_ placeholders: [Placeholder]) throws(SystemError) -> Record {
    try Files.makeDirectories(directory, mode: 0o700)
    let lock = try lock()
    let others = try sweepLocked()
    let path = Path.join(directory, "\(getpid()).session")
    let descriptor = try Files.open(
      path, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    _ = try descriptor.withRaw { (raw) throws(SystemError) in
      try check("lock", path) { clinux_flock(raw, LOCK_EX | LOCK_NB) }
    }
    var record = Record(path: path, descriptor: descriptor)
    try write(placeholders.map { Made(placeholder: $0, identity: nil) }, to: record)
    do throws(SystemError) {
      for placeholder in placeholders {
        let isShared = others.contains { Path.same($0.path, placeholder.path) }
        if let made = try make(placeholder, isShared: isShared) { record.made.append(made) }
      }
      try write(record.made, to: record)
    } catch {
      removeLocked(record, beside: others)
      throw error
    }
    lock.unlock()
    return record
  }

  /// Removes what a session made, but for what others need.
  func remove(_ record: consuming Record) throws(SystemError) {
    let lock = try lock()
    removeLocked(record, beside: try sweepLocked(but: record.path))
    lock.unlock()
  }

  /// Removes what ended sessions have left. Where none ever made any, nothing is touched.
  func sweep() throws(SystemError) {
    guard Files.exists(directory) else { return }
    let lock = try lock()
    _ = try sweepLocked()
    lock.unlock()
  }

  private func lock() throws(SystemError) -> FileLock {
    try FileLock(path: Path.join(directory, "lock"))
  }

  /// - Parameter own: the caller's record, which is left alone.
  /// - Returns: what the other sessions that run need.
  private func sweepLocked(but own: String = "") throws(SystemError) -> [Placeholder] {
    var needed: [Placeholder] = []
    var ended: [(path: String, made: [Made])] = []
    for name in try Files.list(directory) where name.hasSuffix(".session") {
      let path = Path.join(directory, name)
      if Path.same(path, own) { continue }
      let descriptor = try Files.open(path, flags: O_RDONLY | O_NOFOLLOW)
      let isHeld = descriptor.withRaw { clinux_flock($0, LOCK_EX | LOCK_NB) } != 0
      let made = try read(descriptor, path)
      if isHeld {
        needed += made.map(\.placeholder)
      } else {
        ended.append((path, made))
      }
    }
    for record in ended {
      for made in record.made { remove(made, unless: needed) }
      try Files.remove(record.path)
    }
    return needed
  }

  private func removeLocked(_ record: borrowing Record, beside others: [Placeholder]) {
    for made in record.made { remove(made, unless: others) }
    unsafe unlink(record.path)
  }

  // MARK: One placeholder

  /// - Returns: nil for what is there already and no other session's.
  private func make(_ placeholder: Placeholder, isShared: Bool) throws(SystemError) -> Made? {
    let parent = try Self.open(placeholder.directory)
    let name = placeholder.name
    let isNew = try parent.withRaw { (raw) throws(SystemError) in
      try Self.acting(for: placeholder.owner) { () throws(SystemError) in
        if unsafe mkdirat(raw, name, 0o755) == 0 { return true }
        let errno = Errno.current
        guard errno.code == EEXIST else {
          throw SystemError(step: "mkdir", subject: placeholder.path, errno: errno)
        }
        return false
      }
    }
    guard isNew || isShared else { return nil }
    let status = try parent.withRaw { (raw) throws(SystemError) in
      try Files.status(Array(name.utf8), in: raw, subject: placeholder.path)
    }
    guard status.kind == .directory else { return nil }
    return Made(placeholder: placeholder, identity: FileIdentity(status))
  }

  private func remove(_ made: Made, unless needed: [Placeholder]) {
    let placeholder = made.placeholder
    if needed.contains(where: { Path.same($0.path, placeholder.path) }) { return }
    do throws(SystemError) {
      let parent = try Self.open(placeholder.directory)
      try parent.withRaw { (raw) throws(SystemError) in
        let status = try Files.status(
          Array(placeholder.name.utf8), in: raw, subject: placeholder.path)
        guard made.identity == nil || made.identity == FileIdentity(status) else { return }
        try Self.acting(for: placeholder.owner) {
          // What its owner has filled meanwhile is the owner's.
          unsafe unlinkat(raw, placeholder.name, AT_REMOVEDIR)
        }
      }
    } catch {
      // It is gone, or its directory is.
    }
  }

  private static func open(_ directory: String) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      owning: try check("open", directory) {
        unsafe clinux_open_beneath(
          AT_FDCWD, directory, clinux_o_path | O_DIRECTORY, clinux_without_links)
      })
  }

  /// As root files are made and removed with the rights of the directory's owner: a name in a
  /// directory that others can write to may be anything by now.
  @discardableResult
  private static func acting<Result>(
    for owner: Owner, _ body: () throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    guard geteuid() == 0, owner.uid != 0 else { return try body() }
    try check("setfsuid", "\(owner.uid)") { clinux_take_file_identity(owner.uid, owner.gid) }
    let result: Result
    do throws(SystemError) {
      result = try body()
    } catch {
      try check("setfsuid", "0") { clinux_take_file_identity(0, 0) }
      throw error
    }
    try check("setfsuid", "0") { clinux_take_file_identity(0, 0) }
    return result
  }

  // MARK: Records

  private func write(_ made: [Made], to record: borrowing Record) throws(SystemError) {
    var writer = FrameWriter(type: 1)
    writer.append(made) { writer, made in
      made.placeholder.write(to: &writer)
      writer.append(made.identity != nil)
      if let identity = made.identity {
        writer.append(identity.device)
        writer.append(identity.inode)
      }
    }
    let path = record.path
    try record.descriptor.withRaw { (raw) throws(SystemError) in
      try check("truncate", path) { ftruncate(raw, 0) }
      _ = try check("seek", path) { lseek(raw, 0, SEEK_SET) }
    }
    try Files.write(writer.finished(), to: record.descriptor, subject: path)
  }

  /// A record that is cut off was being written when its session was killed, before anything was
  /// made.
  private func read(
    _ descriptor: borrowing OwnedDescriptor, _ path: String
  ) throws(SystemError) -> [Made] {
    var reader = FrameReader(limit: 8 << 20)
    reader.feed(try Files.read(descriptor, limit: 8 << 20, subject: path))
    do throws(FrameError) {
      guard var fields = try reader.next() else { return [] }
      return try fields.list { (fields) throws(FrameError) in
        let placeholder = try Placeholder(from: &fields)
        let isMade = try fields.boolean()
        return Made(
          placeholder: placeholder,
          identity: isMade
            ? FileIdentity(device: try fields.integer(), inode: try fields.integer()) : nil)
      }
    } catch {
      throw SystemError(step: "read", subject: path, errno: Errno(EBADMSG))
    }
  }
}

extension Placeholder {
  func write(to writer: inout FrameWriter) {
    writer.append(directory)
    writer.append(name)
    writer.append(UInt64(owner.uid))
    writer.append(UInt64(owner.gid))
  }

  init(from fields: inout FrameFields) throws(FrameError) {
    directory = try fields.text()
    name = try fields.text()
    owner = Owner(uid: try fields.number(), gid: try fields.number())
  }
}
