import Glibc
import JSON
public import Kernel

/// A running process, told apart from a later one with the same number by its start time.
public struct ProcessIdentity: Hashable, Sendable {
  public let pid: Int32
  /// Clock ticks since the machine started (`proc_pid_stat(5)`, field 22).
  public let startTime: UInt64

  /// Nil where there is no such process, or `/proc` does not show it.
  public init?(pid: Int32) {
    guard let fields = Self.statistics(of: pid), let start = UInt64(fields[19]) else { return nil }
    self.pid = pid
    startTime = start
  }

  init(pid: Int32, startTime: UInt64) {
    self.pid = pid
    self.startTime = startTime
  }

  /// The parent's number; nil for the first process.
  public static func parent(of pid: Int32) -> Int32? {
    guard let fields = statistics(of: pid), let parent = Int32(fields[1]), parent > 0 else {
      return nil
    }
    return parent
  }

  /// The fields behind the name, which is in parentheses and may hold anything.
  private static func statistics(of pid: Int32) -> [Substring]? {
    guard let bytes = try? Files.read("/proc/\(pid)/stat", limit: 4096) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let close = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: close)...].split(separator: " ")
    return fields.count > 19 ? fields : nil
  }
}

/// The sessions that run now: which servers, and which process is each one's host.
///
/// Kept so that a host's own agent cannot approve what its server wants: a hurdle, not a boundary.
public struct Sessions: Sendable {
  private let directory: String

  /// - Parameter stateDirectory: Cordon's state directory, which exists.
  public init(stateDirectory: String) {
    directory = "\(stateDirectory)/sessions"
  }

  public struct Session: Equatable, Sendable {
    public let server: String
    public let supervisor: ProcessIdentity
    public let host: ProcessIdentity?
  }

  /// Enters this process as the supervisor of a session.
  ///
  /// - Parameter host: nil where a person started it at a terminal.
  public func enter(server: String, host: ProcessIdentity?) throws(SystemError) {
    try Files.makeDirectories(directory, mode: 0o700)
    guard let supervisor = ProcessIdentity(pid: getpid()) else {
      throw SystemError(step: "read", subject: "/proc/self/stat", errno: Errno(ENOENT))
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("schema")
    writer.int(1)
    writer.key("server")
    writer.string(JSONString(server))
    Self.write(supervisor, as: "supervisor", to: &writer)
    if let host { Self.write(host, as: "host", to: &writer) }
    writer.endObject()
    // Not synchronised with the disk: after a crash of the machine no session runs.
    let path = path(of: supervisor.pid)
    let file = try Files.open(
      "\(path).new", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
    try Files.write(writer.bytes, to: file, subject: path)
    try Files.rename("\(path).new", to: path)
  }

  /// Removes this process's entry. A missing one is no error.
  public func leave() {
    try? Files.remove(path(of: getpid()))
  }

  /// The sessions whose supervisors still run. Entries of dead ones are removed on the way.
  public func running() throws(SystemError) -> [Session] {
    guard Files.exists(directory) else { return [] }
    var sessions: [Session] = []
    for name in try Files.list(directory) where name.hasSuffix(".json") {
      let path = "\(directory)/\(name)"
      guard let session = Self.read(path) else { continue }
      if ProcessIdentity(pid: session.supervisor.pid) == session.supervisor {
        sessions.append(session)
      } else {
        // Its supervisor was killed; whoever comes by cleans up.
        try? Files.remove(path)
      }
    }
    return sessions
  }

  /// The session, if any, whose host is this process's parent, or any further ancestor.
  public func sessionHostedByAncestor() throws(SystemError) -> Session? {
    let sessions = try running()
    var pid = getpid()
    // A chain of processes has no cycle, but /proc is read piece by piece while it changes.
    for _ in 0..<1024 {
      guard let parent = ProcessIdentity.parent(of: pid) else { return nil }
      if let identity = ProcessIdentity(pid: parent),
        let session = sessions.first(where: { $0.host == identity })
      {
        return session
      }
      pid = parent
    }
    return nil
  }

  private func path(of pid: Int32) -> String { "\(directory)/\(pid).json" }

  private static func write(
    _ process: ProcessIdentity, as key: String, to writer: inout JSONWriter
  ) {
    writer.key(JSONString(key))
    writer.beginObject()
    writer.key("pid")
    writer.int(Int64(process.pid))
    writer.key("startTime")
    writer.int(Int64(clamping: process.startTime))
    writer.endObject()
  }

  /// Nil for an entry that is being replaced or is not one: it guards nothing then.
  private static func read(_ path: String) -> Session? {
    guard let bytes = try? Files.read(path, limit: 65_536),
      let document = try? JSONReader.parse(bytes), document["schema"]?.int64 == 1,
      let server = document["server"]?.string,
      let supervisor = document["supervisor"].flatMap(process)
    else { return nil }
    return Session(
      server: server.string, supervisor: supervisor, host: document["host"].flatMap(process))
  }

  private static func process(_ node: JSONNode) -> ProcessIdentity? {
    guard let pid = node["pid"]?.int64.flatMap({ Int32(exactly: $0) }),
      let start = node["startTime"]?.int64.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    return ProcessIdentity(pid: pid, startTime: start)
  }
}
