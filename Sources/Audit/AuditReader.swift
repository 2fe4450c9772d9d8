import Glibc
public import JSON
import Kernel

/// One line of an audit log, read again. Its texts are as hostile as who said them.
public struct AuditRecord: Sendable {
  public let time: JSONString
  /// Empty for what happened outside a session.
  public let session: JSONString
  public let kind: JSONString
  /// Without those that every line has.
  public let fields: [JSONMember]

  public subscript(_ name: JSONString) -> JSONNode? {
    fields.first { $0.key == name }?.value
  }
}

/// Reads one server's audit log from its beginning, a line at a time: a log may be longer than memory.
public struct AuditReader: ~Copyable {
  public enum Entry: Sendable {
    case event(AuditRecord)
    /// A line that is none of Cordon's, or only a part of one.
    case damaged
  }

  /// Of one line, in bytes; a longer one is damaged.
  public static let longestLine = 4 << 20

  private let descriptor: OwnedDescriptor
  private let path: String
  private var buffer: [UInt8] = []
  /// Where the next line begins, and up to where it has no end.
  private var head = 0
  private var searched = 0
  private var skipsLine = false
  private var isAtEnd = false

  /// - Throws: `system` with `ENOENT` where nothing was ever logged, `exposed` where somebody else
  ///   could have written it.
  public init(directory: String, server: String) throws(AuditError) {
    let path = AuditFile.path(directory, server)
    let file = try AuditError.wrapping { () throws(SystemError) in
      // Not blocking: opening a FIFO in the file's place must fail, not wait.
      try Files.open(path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    }
    try AuditFile.check(file, path, in: directory)
    descriptor = file
    self.path = path
  }

  /// Nil at the end of the log as it is now.
  public mutating func next() throws(AuditError) -> Entry? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[head..<end]
        head = end + 1
        searched = head
        if skipsLine {
          skipsLine = false
          return .damaged
        }
        if !line.isEmpty { return Self.entry(Array(line)) }
        continue
      }
      if isAtEnd {
        guard head < buffer.count || skipsLine else { return nil }
        head = buffer.count
        searched = head
        skipsLine = false
        return .damaged
      }
      try fill()
    }
  }

  private mutating func fill() throws(AuditError) {
    buffer.removeFirst(head)
    head = 0
    if buffer.count > Self.longestLine {
      buffer = []
      skipsLine = true
    }
    searched = buffer.count
    let chunk = try AuditError.wrapping { () throws(SystemError) in
      try descriptor.withRaw { (raw) throws(SystemError) in
        // The kernel fills as much as it says.
        try unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) {
          (memory, count) throws(SystemError) in
          count = try check("read", path) {
            unsafe Glibc.read(raw, memory.baseAddress, memory.count)
          }
        }
      }
    }
    isAtEnd = chunk.isEmpty
    buffer += chunk
  }

  private static func entry(_ line: [UInt8]) -> Entry {
    do throws(JSONError) {
      let node = try JSONReader.parse(line)
      guard let members = node.object, let time = node["time"]?.string,
        let session = node["session"]?.string, let kind = node["event"]?.string
      else { return .damaged }
      let own: [JSONString] = ["time", "server", "session", "event"]
      return .event(
        AuditRecord(
          time: time, session: session, kind: kind,
          fields: members.filter { !own.contains($0.key) }))
    } catch {
      return .damaged
    }
  }
}
