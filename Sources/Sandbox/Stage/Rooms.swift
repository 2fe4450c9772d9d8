import CLinux
import Glibc
import Kernel

/// The file systems that a server can fill, each held open to be looked at without a path.
struct Rooms: ~Copyable {
  private let rooms: [(path: String, descriptor: Int32)]

  init(_ paths: [String]) throws(SystemError) {
    var rooms: [(path: String, descriptor: Int32)] = []
    for path in paths {
      rooms.append((path, try Files.open(path, flags: clinux_o_path | O_DIRECTORY).release()))
    }
    self.rooms = rooms
  }

  deinit {
    for room in rooms { close(room.descriptor) }
  }

  /// The paths of those that have nothing left.
  var full: [String] {
    rooms.filter { clinux_is_full($0.descriptor) == 1 }.map(\.path)
  }
}

extension Plan {
  /// Where the server can write without anybody having granted it a path: HOME and the sandbox's
  /// own temporary file systems.
  public var writableFileSystems: [String] {
    let temporary = steps.compactMap { step -> String? in
      guard case .temporary(let system) = step,
        system.ownedByServer || system.mode & 0o002 != 0
      else { return nil }
      return system.path
    }
    return temporary.contains { Path.same($0, SandboxRequest.home) }
      ? temporary : temporary + [SandboxRequest.home]
  }

  /// The largest file that the server may write; nil where there is no limit.
  public var fileSizeLimit: UInt64? {
    for case .limit(.fileSize, let soft, _) in steps { return soft }
    return nil
  }

  /// The size of a file system of the sandbox's own; nil for one of the host's.
  public func size(ofFileSystem path: String) -> UInt64? {
    for case .temporary(let system) in steps where Path.same(system.path, path) {
      return system.bytes
    }
    return nil
  }
}
