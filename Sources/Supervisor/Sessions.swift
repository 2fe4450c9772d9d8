import CLinux
import Glibc
import JSON
public import Kernel
import Sandbox

/// The sessions that run now: which servers, and which process is each one's host.
///
/// Kept so that a host's own agent cannot approve what its server wants: a hurdle, not a boundary.
public struct Sessions: Sendable {
  let directory: String

  /// - Parameter stateDirectory: Cordon's state directory, which exists.
  public init(stateDirectory: String) {
    directory = "\(stateDirectory)/sessions"
  }

  public struct Session: Equatable, Sendable {
    public let server: String
    public let supervisor: ProcessIdentity
    public let host: ProcessIdentity?
    let groups: [String]
  }

  /// Tells for as long as it lives that the session runs.
  public final class Entry: Sendable {
    private let locked: OwnedDescriptor

    fileprivate init(_ locked: consuming OwnedDescriptor) {
      self.locked = locked
    }
  }

  /// Enters this process as the supervisor of a session.
  ///
  /// - Parameters:
  ///   - host: nil where a person started it at a terminal.
  ///   - groups: the cgroups that are about to be made: whoever finds this entry of a dead
  ///     supervisor removes them.
  /// - Returns: to be kept as long as the session runs.
  @discardableResult
  public func enter(
    server: String, as supervisor: ProcessIdentity, host: ProcessIdentity?, groups: [String] = []
  ) throws(SystemError) -> Entry {
    try Files.makeDirectories(directory, mode: 0o700)
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("schema")
    writer.int(1)
    writer.key("server")
    writer.string(JSONString(server))
    Self.write(supervisor, as: "supervisor", to: &writer)
    if let host { Self.write(host, as: "host", to: &writer) }
    if !groups.isEmpty {
      writer.key("groups")
      writer.beginArray()
      for group in groups { writer.string(JSONString(group)) }
      writer.endArray()
    }
    writer.endObject()
    // Not synchronised with the disk: after a crash of the machine no session runs.
    let path = path(of: supervisor.pid)
    let file = try Files.open(
      "\(path).new", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
    try Files.write(writer.bytes, to: file, subject: path)
    // Held before anybody can see it. A supervisor cannot be traced, so that /proc may hide it
    // from its own user: the lock tells of it all the same.
    _ = try file.withRaw { (raw) throws(SystemError) in
      try check("lock", path) { clinux_flock(raw, LOCK_EX | LOCK_NB) }
    }
    try Files.rename("\(path).new", to: path)
    return Entry(file)
  }

  /// Removes this process's entry. One that stays is taken for a dead one's later.
  public func leave() {
    Self.removeEntry(path(of: getpid()))
  }

  /// The sessions whose supervisors still run. Entries of dead ones are removed on the way.
  ///
  /// - Throws: also for an entry that may be a running session's, but cannot be read: without it
  ///   nobody could say whose host this is.
  public func running() throws(SystemError) -> [Session] {
    var sessions: [Session] = []
    for name in try names() {
      guard name.hasSuffix(".json"), let pid = Int32(name.dropLast(5)) else { continue }
      let path = path(of: pid)
      guard let bytes = try Files.readUnlessGone(path, limit: 65_536) else { continue }
      let isHeld = try Self.isHeld(path)
      let running = try ProcessStatus(visible: pid)?.identity
      let session = Self.session(bytes)
      if let session, isHeld || session.supervisor == running {
        sessions.append(session)
      } else if session == nil && (isHeld || running != nil) {
        throw .damaged(path)
      } else {
        // Its supervisor was killed; whoever comes by cleans up.
        if let session { ControlGroupSweep.remove(session.groups, of: session.supervisor) }
        Self.removeEntry(path)
      }
    }
    return sessions
  }

  /// Whether an entry stands that no supervisor holds.
  var hasLeftovers: Bool {
    do throws(SystemError) {
      for name in try names() where name.hasSuffix(".json") {
        if try !Self.isHeld("\(directory)/\(name)") { return true }
      }
      return false
    } catch {
      // What cannot be read stays for whoever must know who runs.
      return false
    }
  }

  /// Removes the entries of dead supervisors, and the cgroups that they left.
  func sweep() {
    do throws(SystemError) {
      _ = try running()
    } catch {
      // What cannot be read stays for whoever must know who runs.
    }
  }

  /// The session, if any, whose host is this process's parent, or any further ancestor.
  public func sessionHostedByAncestor() throws(SystemError) -> Session? {
    let sessions = try running().filter { $0.host != nil }
    // Nobody needs to be looked at where there is no host to be found.
    guard !sessions.isEmpty else { return nil }
    var next = try ProcessStatus(pid: getpid())?.parent
    for _ in 0..<Self.longestAncestry {
      guard let pid = next else { return nil }
      let ancestor = try ProcessStatus(visible: pid)
      let hosted = sessions.first { $0.host?.isProcess(pid, ancestor?.identity) == true }
      if let hosted { return hosted }
      // Behind one that is hidden nobody can look: another user's, or none.
      next = ancestor?.parent
    }
    // A chain of processes has no cycle, but one can be made so long that its end is not found.
    throw SystemError(step: "read", subject: "the ancestors", errno: Errno(ELOOP))
  }

  private static let longestAncestry = 1024

  /// Whether the entry's supervisor holds it.
  private static func isHeld(_ path: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      let file = try Files.open(path, flags: O_RDONLY | O_NOFOLLOW)
      _ = try file.withRaw { (raw) throws(SystemError) in
        try check("lock", path) { clinux_flock(raw, LOCK_SH | LOCK_NB) }
      }
      return false
    } catch {
      if error.errno.code == EWOULDBLOCK { return true }
      if error.errno.code == ENOENT { return false }
      throw error
    }
  }

  /// None where no session was ever entered.
  private func names() throws(SystemError) -> [String] {
    do throws(SystemError) {
      return try Files.list(directory)
    } catch  where error.errno.code == ENOENT {
      return []
    }
  }

  private static func removeEntry(_ path: String) {
    do throws(SystemError) {
      try Files.remove(path)
    } catch {
      // It names a process that has ended, so that it guards nothing; another may have removed it.
    }
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

  /// Nil for what is no entry of this version: entries are put in their place whole.
  private static func session(_ bytes: [UInt8]) -> Session? {
    let document: JSONNode
    do throws(JSONError) {
      document = try JSONReader.parse(bytes)
    } catch {
      return nil
    }
    guard document["schema"]?.int64 == 1, let server = document["server"]?.string,
      let supervisor = document["supervisor"].flatMap(process)
    else { return nil }
    var host: ProcessIdentity?
    if let node = document["host"] {
      // With a host that cannot be read it would pass for a session that has none.
      guard let named = process(node) else { return nil }
      host = named
    }
    let groups = document["groups"]?.array?.compactMap { $0.string?.string } ?? []
    return Session(server: server.string, supervisor: supervisor, host: host, groups: groups)
  }

  private static func process(_ node: JSONNode) -> ProcessIdentity? {
    guard let pid = node["pid"]?.int64.flatMap({ Int32(exactly: $0) }),
      let start = node["startTime"]?.int64.flatMap({ UInt64(exactly: $0) })
    else { return nil }
    return ProcessIdentity(pid: pid, startTime: start)
  }
}
