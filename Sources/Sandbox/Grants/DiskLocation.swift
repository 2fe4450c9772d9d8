import CLinux
import Glibc
import Kernel

/// Where a thing is on its file system, however it was reached: a bind mount and a symbolic link
/// give one thing several paths, and this tells that they are one.
struct DiskLocation: Equatable {
  /// `MAJOR:MINOR`
  let device: String
  /// From the file system's own root.
  let path: String

  func isWithin(_ other: DiskLocation) -> Bool {
    Path.same(device, other.device) && Path.isWithin(path, other.path)
  }

  func overlaps(_ other: DiskLocation) -> Bool { isWithin(other) || other.isWithin(self) }

  /// The components of what lies below `outer`; nil where it does not.
  func components(below outer: DiskLocation) -> [String]? {
    guard isWithin(outer) else { return nil }
    return Array(Path.components(path).dropFirst(Path.components(outer.path).count))
  }
}

/// A file or directory of the machine: its inode, and where it is on its file system.
struct DiskObject {
  /// Free of symbolic links.
  let path: String
  let status: FileStatus
  let location: DiskLocation

  var identity: FileIdentity { FileIdentity(status) }

  /// Whether the two are one file or directory.
  func isSame(as other: DiskObject) -> Bool { identity == other.identity }

  /// Looks a path up, following symbolic links.
  init(following path: String, in mounts: MountTable) throws(SystemError) {
    try self.init(at: try Files.realPath(path), in: mounts)
  }

  /// - Parameter path: free of symbolic links; one that is there now was planted meanwhile.
  init(at path: String, in mounts: MountTable) throws(SystemError) {
    let descriptor = OwnedDescriptor(
      owning: try check("open", path) {
        unsafe clinux_open_beneath(AT_FDCWD, path, clinux_o_path, clinux_without_links)
      })
    status = try Files.status(descriptor, subject: path)
    let mount = try mounts.mount(under: descriptor)
    let below = Path.components(path).dropFirst(Path.components(mount.point).count)
    self.path = path
    location = DiskLocation(
      device: mount.device, path: below.reduce(mount.root) { Path.join($0, $1) })
  }
}

extension DiskLocation {
  /// Where a path is, or would be: what is missing at its end is thought of as plain names.
  static func expected(
    of path: String, in mounts: MountTable
  ) throws(SystemError) -> DiskLocation {
    var existing = Path.normalized(path)
    var missing: [String] = []
    while true {
      do throws(SystemError) {
        let object = try DiskObject(following: existing, in: mounts)
        let whole = missing.reversed().reduce(object.location.path) { Path.join($0, $1) }
        return DiskLocation(device: object.location.device, path: whole)
      } catch  where error.errno.code == ENOENT && !Path.same(existing, "/") {
        missing.append(Path.name(existing))
        existing = Path.parent(existing)
      }
    }
  }
}
