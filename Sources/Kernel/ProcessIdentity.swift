import Glibc

/// A running process, told apart from a later one with the same number by its start time.
public struct ProcessIdentity: Hashable, Sendable {
  public let pid: Int32
  /// Clock ticks since the machine started (`proc_pid_stat(5)`, field 22).
  public let startTime: UInt64

  /// Nil where there is no such process.
  ///
  /// - Throws: where there may be one, but `/proc` does not tell of it.
  public init?(pid: Int32) throws(SystemError) {
    guard let status = try ProcessStatus(pid: pid) else { return nil }
    self = status.identity
  }

  public init(pid: Int32, startTime: UInt64) {
    self.pid = pid
    self.startTime = startTime
  }

  /// The process that started this one, also where `/proc` hides it (`hidepid`): then its number
  /// is all that is known, and counts alone. Nil for one of another PID namespace.
  public static func parent() throws(SystemError) -> ProcessIdentity? {
    let pid = getppid()
    guard pid > 0 else { return nil }
    return try ProcessStatus(visible: pid)?.identity
      ?? ProcessIdentity(pid: pid, startTime: Self.unknownStart)
  }

  private static let unknownStart: UInt64 = 0

  /// Whether this is the process with that number, of which `/proc` may tell nothing.
  public func isProcess(_ pid: Int32, _ known: ProcessIdentity?) -> Bool {
    self.pid == pid && (known == nil || startTime == Self.unknownStart || known == self)
  }
}

/// What `/proc` tells of a process in one reading.
public struct ProcessStatus: Sendable {
  public let identity: ProcessIdentity
  /// Nil for the first process of its namespace.
  public let parent: Int32?

  /// Nil where there is no such process. Every other failure is thrown: a process that cannot be
  /// seen must not pass for one that is gone.
  public init?(pid: Int32) throws(SystemError) {
    let path = "/proc/\(pid)/stat"
    guard let bytes = try Files.readUnlessGone(path, limit: 4096) else { return nil }
    // The name is in parentheses and may hold anything.
    guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { throw .damaged(path) }
    let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let parent = Int32(String(decoding: fields[1], as: UTF8.self)),
      let start = UInt64(String(decoding: fields[19], as: UTF8.self))
    else { throw .damaged(path) }
    identity = ProcessIdentity(pid: pid, startTime: start)
    self.parent = parent > 0 ? parent : nil
  }

  /// Nil where there is no such process, and where `/proc` hides it from this user.
  public init?(visible pid: Int32) throws(SystemError) {
    do throws(SystemError) {
      guard let status = try ProcessStatus(pid: pid) else { return nil }
      self = status
    } catch  where [EACCES, EPERM].contains(error.errno.code) {
      return nil
    }
  }
}

extension Files {
  /// Nil where the file, or the process that it tells of, is gone.
  public static func readUnlessGone(
    _ path: String, limit: Int
  ) throws(SystemError) -> [UInt8]? {
    do throws(SystemError) {
      return try read(path, limit: limit)
    } catch  where [ENOENT, ESRCH].contains(error.errno.code) {
      return nil
    }
  }
}

extension SystemError {
  /// A file that is not what its writer would have written.
  public static func damaged(_ path: String) -> SystemError {
    SystemError(step: "read", subject: path, errno: Errno(EBADMSG))
  }
}
