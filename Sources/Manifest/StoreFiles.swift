import Glibc
import Kernel

/// What the store does to the disk.
extension ApprovalStore {
  /// What is in the file's place, how it was before it was read, and its bytes.
  struct Contents: ~Copyable {
    let file: OwnedDescriptor
    let status: FileStatus
    let bytes: [UInt8]
  }

  /// Nil where there is no file.
  func contents() throws(StoreError) -> Contents? {
    let contents: Contents
    do throws(SystemError) {
      // Not blocking: a FIFO in the file's place must not stop a launch.
      let file = try Files.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      let status = try Files.status(file, subject: path)
      let isFile = status.kind == .regular
      let bytes =
        isFile ? try Files.read(file, limit: RecordFormat.fileLimit, subject: path) : []
      contents = Contents(file: file, status: status, bytes: bytes)
    } catch {
      if error.errno.code == ENOENT { return nil }
      throw .system(error)
    }
    if let problem = exposure(of: contents.status, shouldBe: .regular) {
      throw .exposed(path: path, problem: problem)
    }
    return contents
  }

  func put(_ bytes: [UInt8]) throws(StoreError) -> Files.Durability {
    try StoreError.wrapping { () throws(SystemError) in
      try removeLeftovers()
      return try replace(path, bytes)
    }
  }

  func locked<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    let lock: FileLock
    let lockPath = "\(directory)/\(name).lock"
    do throws(SystemError) {
      guard let free = try FileLock(path: lockPath, patience: patience) else {
        throw SystemError(step: "lock", subject: lockPath, errno: Errno(EWOULDBLOCK))
      }
      lock = free
    } catch {
      throw error.errno.code == EWOULDBLOCK ? .busy(path: lockPath) : .system(error)
    }
    return try withExtendedLifetime(lock) { () throws(StoreError) in try body() }
  }

  func makeDirectory() throws(StoreError) {
    if try directoryExists() { return }
    try StoreError.wrapping { () throws(SystemError) in
      try Files.makeDirectories(directory, mode: 0o700)
    }
    _ = try directoryExists()
  }

  /// - Throws: where the directory is there, but others can see it or it is somebody else's.
  func directoryExists() throws(StoreError) -> Bool {
    let status: FileStatus
    do throws(SystemError) {
      status = try Files.status(directory)
    } catch {
      if error.errno.code == ENOENT { return false }
      throw .system(error)
    }
    if let problem = exposure(of: status, shouldBe: .directory) {
      throw .exposed(path: directory, problem: problem)
    }
    return true
  }

  /// Whether anything is kept of the server: its record, or a damaged one that was put aside.
  public func holdsAnything() throws(StoreError) -> Bool {
    guard try directoryExists() else { return false }
    if try hasDamagedFile() { return true }
    return try StoreError.wrapping { () throws(SystemError) in
      do throws(SystemError) {
        _ = try Files.status(path, follow: false)
        return true
      } catch  where error.errno.code == ENOENT {
        return false
      }
    }
  }

  /// Removes everything that is kept of the server, damaged records included. There may be nothing.
  public func remove() throws(StoreError) {
    guard try directoryExists() else { return }
    try locked { () throws(StoreError) in
      try StoreError.wrapping { () throws(SystemError) in
        try removeLeftovers()
        for number in try damagedNumbers() { try Files.remove("\(path).damaged-\(number)") }
        do throws(SystemError) {
          try Files.remove(path)
        } catch  where error.errno.code == ENOENT {
          // The server was never started, or nothing of it was ever decided.
        }
        try Files.remove("\(directory)/\(name).lock")
      }
    }
  }

  /// Renames the damaged file to the first free name. The lock is held.
  func putAside() throws(StoreError) -> String {
    try StoreError.wrapping { () throws(SystemError) in
      let taken = Set(try damagedNumbers())
      var number = 1
      while taken.contains(number) { number += 1 }
      let aside = "\(path).damaged-\(number)"
      try Files.rename(path, to: aside)
      return aside
    }
  }

  /// Whether a record of this server was put aside before.
  func hasDamagedFile() throws(StoreError) -> Bool {
    try StoreError.wrapping { () throws(SystemError) in !(try damagedNumbers().isEmpty) }
  }

  private func damagedNumbers() throws(SystemError) -> [Int] {
    let prefix = "\(name).json.damaged-"
    return try Files.list(directory).filter { $0.hasPrefix(prefix) }
      .compactMap { Int($0.dropFirst(prefix.count)) }
  }

  /// Temporary files of writers that were killed. The lock is held, so nobody is writing.
  private func removeLeftovers() throws(SystemError) {
    let prefix = "\(name).json."
    for entry in try Files.list(directory) where entry.hasPrefix(prefix) {
      guard entry.hasSuffix(".new"), Int(entry.dropFirst(prefix.count).dropLast(4)) != nil
      else { continue }
      try Files.remove("\(directory)/\(entry)")
    }
  }

  private func exposure(of status: FileStatus, shouldBe kind: FileStatus.Kind) -> String? {
    if status.kind != kind {
      return kind == .directory ? "not a directory" : "not a regular file"
    }
    if status.uid != geteuid() { return "belongs to uid \(status.uid), not to uid \(geteuid())" }
    if status.mode & 0o077 != 0 {
      return "others can reach it (mode \(String(status.mode, radix: 8)))"
    }
    return nil
  }
}
