import CLinux
import Control
import Glibc
public import Kernel

/// Removes a server's private homes: one directory for each program that had the name.
public struct HomeRemoval: Sendable {
  /// Why a home is still there, or a part of it.
  public enum Failure: Error, Equatable, Sendable {
    case system(SystemError)
    case identity(IdentityError)
    /// This name could not go, at the least. The path is bytes of the server's choosing.
    case left(path: [UInt8], errno: Errno)
  }

  private let path: String
  private let name: String
  private let account: String?
  private let store: IdentityStore

  /// - Parameters:
  ///   - path: the directory of the server's homes.
  ///   - account: the caller's name in the password database; nil where it has none.
  public init(_ path: String, of name: String, account: String?, stateDirectory: String) {
    self.path = path
    self.name = name
    self.account = account
    store = IdentityStore(directory: stateDirectory)
  }

  /// Removes every home and what is in it. The caller makes sure that the server does not run.
  ///
  /// - Returns: how many names went. There may have been none: that is no error.
  public func run() throws(Failure) -> UInt64 {
    var removed: UInt64 = 0
    for home in try homes() {
      removed += try empty(home)
      try Self.wrapped { () throws(SystemError) in
        _ = try check("rmdir", home) { unsafe rmdir(home) }
      }
    }
    try Self.wrapped { () throws(SystemError) in
      do throws(SystemError) {
        try check("rmdir", path) { unsafe rmdir(path) }
      } catch  where error.errno.code == ENOENT {
        // The server never had a home.
      }
    }
    return removed
  }

  private func homes() throws(Failure) -> [String] {
    try Self.wrapped { () throws(SystemError) in
      do throws(SystemError) {
        return try Files.list(path).map { "\(path)/\($0)" }
      } catch  where error.errno.code == ENOENT {
        return []
      }
    }
  }

  private func empty(_ home: String) throws(Failure) -> UInt64 {
    let report = try Self.wrapped { () throws(SystemError) -> Result<RemovalReport, Failure> in
      // By path only: its owner may have left the caller no right to read it.
      let directory = try Files.open(home, flags: clinux_o_path | O_DIRECTORY | O_NOFOLLOW)
      let status = try Files.status(directory, subject: home)
      let identity: Identity
      do throws(Failure) {
        identity = try self.identity(for: Owner(uid: status.uid, gid: status.gid))
      } catch {
        return .failure(error)
      }
      let part = try PartLauncher().startRemoval(identity, of: directory)
      try part.confirm()
      let bytes = try Files.read(
        part.control, limit: RemovalReport.longestFrame + 4, subject: "removal")
      let end = try ChildEnd(waitingFor: part.pid, "removal")
      guard !end.signalled else {
        throw SystemError(step: "removal", subject: "signal \(end.status)", errno: Errno(EINTR))
      }
      return .success(try Self.report(in: bytes))
    }
    switch try report.get() {
    case .emptied(let removed): return removed
    case .failed(let step, let subject, let errno):
      throw .system(SystemError(step: step, subject: subject, errno: Errno(errno)))
    case .left(_, let path, let errno):
      throw .left(path: Array("\(home)/".utf8) + path, errno: Errno(errno))
    }
  }

  private static func report(in bytes: [UInt8]) throws(SystemError) -> RemovalReport {
    var reader = FrameReader(limit: RemovalReport.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      guard let frame = try reader.next() else { throw .truncated }
      return try RemovalReport(frame)
    } catch {
      throw SystemError(step: "removal", subject: "report: \(error)", errno: Errno(EPROTO))
    }
  }

  /// A namespace in which UID 0 is the caller and every owner that the home's files can have.
  private func identity(for owner: Owner) throws(Failure) -> Identity {
    let caller = Owner(uid: geteuid(), gid: getegid())
    let zero = Identity.Mapping(inside: 0, outsideUID: caller.uid, outsideGID: caller.gid)
    do throws(IdentityError) {
      let kept = try store.owner(of: name)
      let server = owner.uid == caller.uid || owner.uid == kept?.uid ? kept : owner
      // One ID cannot be mapped twice.
      guard let server, server.uid != caller.uid, server.gid != caller.gid else {
        return Identity(
          kind: .caller, mappings: [zero], mapper: caller.uid == 0 ? .root : .caller, relay: nil,
          egress: nil)
      }
      if caller.uid != 0 {
        return .subordinate(
          caller: caller,
          server: try SubordinateIDs(account: account, uid: caller.uid).checked(server),
          newuidmap: try Identity.find("newuidmap"), newgidmap: try Identity.find("newgidmap"))
      }
      let mapping = Identity.Mapping(
        inside: Identity.insideServer, outsideUID: server.uid, outsideGID: server.gid)
      return Identity(
        kind: .separate, mappings: [zero, mapping], mapper: .root, relay: nil, egress: nil)
    } catch {
      throw .identity(error)
    }
  }

  private static func wrapped<Value>(
    _ body: () throws(SystemError) -> Value
  ) throws(Failure) -> Value {
    do throws(SystemError) {
      return try body()
    } catch {
      throw .system(error)
    }
  }
}
