import Glibc
public import Kernel

/// The audit log of one server, `NAME.jsonl` in a directory that only its owner can see.
///
/// Every event is one line, handed to the kernel in one write on a descriptor that appends: several
/// sessions of a server write to one file without a lock and without mixing their lines. A chain of
/// digests from line to line would be a member of the line, computed here.
public struct AuditLog: ~Copyable {
  private let descriptor: OwnedDescriptor
  private let path: String
  private let server: String
  private let session: String
  private let redact: @Sendable ([UInt8]) -> [UInt8]
  /// The last write ended in the middle of a line, so the next one ends that line first.
  private var isTorn = false

  /// Opens the log, and makes directory and file where they are missing.
  ///
  /// - Parameters:
  ///   - server: the server's name, checked before.
  ///   - redact: takes secrets out of a text.
  public init(
    directory: String, server: String, session: String,
    redact: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) throws(AuditError) {
    let path = AuditFile.path(directory, server)
    let file = try AuditError.wrapping { () throws(SystemError) in
      try Files.makeDirectories(directory, mode: 0o700)
      // Not blocking: opening a FIFO in the file's place must fail, not wait.
      return try Files.open(
        path, flags: O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
    }
    try AuditFile.check(file, path, in: directory)
    descriptor = file
    self.path = path
    self.server = server
    self.session = session
    self.redact = redact
  }

  /// Writes one event.
  ///
  /// - Returns: the length of its line, in bytes.
  /// - Throws: also where the disk takes only a part of the line.
  @discardableResult
  public mutating func append(_ event: AuditEvent) throws(AuditError) -> Int {
    let line = AuditLine(time: Clock.timestamp(), server: server, session: session, event: event)
    let bytes = (isTorn ? [UInt8(ascii: "\n")] : []) + line.bytes(redact: redact)
    let count = try AuditError.wrapping { () throws(SystemError) in
      try descriptor.withRaw { (raw) throws(SystemError) in
        // The array's storage is valid for the call, which reads no more than its count.
        try check("write", path) { unsafe Glibc.write(raw, bytes, bytes.count) }
      }
    }
    isTorn = count < bytes.count
    if isTorn { throw .incomplete(path) }
    return bytes.count
  }
}

/// Why the audit log cannot be used.
public enum AuditError: Error, Equatable, Sendable, CustomStringConvertible {
  case system(SystemError)
  /// Somebody else could read or write it.
  case exposed(String, String)
  /// The disk took a part of a line.
  case incomplete(String)

  public var description: String {
    switch self {
    case .system(let error): error.description
    case .exposed(let path, let problem): "\(path): \(problem)"
    case .incomplete(let path): "\(path): the disk took only a part of a line"
    }
  }

  static func wrapping<Value: ~Copyable>(
    _ body: () throws(SystemError) -> Value
  ) throws(AuditError) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
