import Glibc
import Kernel
import Sandbox

/// Why a server could not have a path, and what of it is worth telling.
enum PathVerdict: Equatable {
  /// It exists on the host and is not granted.
  case notGranted(String, FileStatus.Kind, isForWriting: Bool)
  /// A file of the server's own home, whose counterpart in the caller's home exists.
  case ofCallersHome(path: String, counterpart: String)
  /// Shown read-only, through the grant that is named.
  case readOnly(String, grant: String)
  /// Below `/usr` and the like, or a directory that Cordon made: nobody writes there.
  case nobodysToWrite(String)
  /// It is shown, but the server's UID may not have it.
  case permission(String)
  /// Where services of the host listen.
  case service(String)
  /// Of `/proc`, `/sys` and `/dev`: told in one line for all.
  case machine(String)
  /// It exists nowhere, or every program asks for it: counted.
  case noNews
  /// Behind a link or on a file system that is not looked at: counted.
  case unknown
}

extension PathVerdict {
  /// - Parameters:
  ///   - path: absolute, as the server wrote it.
  ///   - look: whether a path exists on the host.
  init(
    _ act: PathAct, _ errno: Int32, _ path: String, _ view: SandboxView,
    look: (String) -> HostDisk.Finding
  ) {
    let path = Path.normalized(path)
    if KnownPaths.contains(KnownPaths.ofTheMachine, path) {
      self = errno == ENOENT ? .machine(path) : .noNews
      return
    }
    switch errno {
    case EROFS: self = Self.unwritable(path, view)
    case EACCES, EPERM:
      // The witness's look hears of the mode first; the call itself fails because nothing there can
      // be written, whatever the mode says.
      let isUnwritable =
        view.bind(of: path)?.isReadOnly ?? !KnownPaths.contains(KnownPaths.ofItsOwn, path)
      self = act.changes && isUnwritable ? Self.unwritable(path, view) : .permission(path)
    default: self = Self.missing(act, path, view, look)
    }
  }

  private static func unwritable(_ path: String, _ view: SandboxView) -> PathVerdict {
    guard let bind = view.bind(of: path), bind.isReadOnly, !bind.isSystem else {
      return .nobodysToWrite(path)
    }
    return .readOnly(path, grant: bind.path)
  }

  private static func missing(
    _ act: PathAct, _ path: String, _ view: SandboxView, _ look: (String) -> HostDisk.Finding
  ) -> PathVerdict {
    if KnownPaths.wasOnlyAsked(path) { return .noNews }
    if KnownPaths.isWithin(path, SandboxRequest.home) {
      return ofHome(path, view, look)
    }
    // What is granted is the same inside and outside: there is nothing to grant.
    if view.bind(of: path) != nil { return .noNews }
    switch look(KnownPaths.withoutKnownLinks(path)) {
    case .there(let kind):
      return KnownPaths.contains(KnownPaths.ofServices, path)
        ? .service(path) : .notGranted(path, kind, isForWriting: act.changes)
    case .unknown: return .unknown
    case .absent:
      // A new file in a directory that is there.
      let parent = Files.parent(of: path)
      guard act.changes, act != .remove, parent.utf8.count > 1,
        case .there(.directory) = look(parent)
      else { return .noNews }
      return .notGranted(parent, .directory, isForWriting: true)
    }
  }

  private static func ofHome(
    _ path: String, _ view: SandboxView, _ look: (String) -> HostDisk.Finding
  ) -> PathVerdict {
    guard let home = view.callerHome, !Path.same(path, SandboxRequest.home) else { return .noNews }
    let counterpart = home + path.utf8.dropFirst(SandboxRequest.home.utf8.count).text
    guard view.bind(of: counterpart) == nil else { return .noNews }
    switch look(counterpart) {
    case .there: return .ofCallersHome(path: path, counterpart: counterpart)
    case .absent: return .noNews
    case .unknown: return .unknown
    }
  }
}

extension PathAct {
  /// Whether it takes a place that can be written to.
  var changes: Bool { [.write, .make, .remove].contains(self) }
}

extension Sequence<UInt8> {
  fileprivate var text: String { String(decoding: Array(self), as: UTF8.self) }
}
