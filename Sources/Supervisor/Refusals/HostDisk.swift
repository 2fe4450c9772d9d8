import CLinux
import Glibc
import Kernel
import Sandbox

/// Whether a path exists on the host, for the user who runs Cordon.
///
/// The paths are a server's, so looking must have no effect and lead nowhere: no link is followed,
/// nothing is opened but the name, and only file systems on the machine's own disks and in its memory
/// are looked at. (A look at an automounter's directory would ask a server of an attacker's choice
/// for what the path says, and one at a dead network mount would wait for ever.) The answer goes to the
/// person and to the audit log, never back into the sandbox.
struct HostDisk {
  enum Finding: Equatable {
    case there(FileStatus.Kind)
    case absent
    /// Behind a link, or on a file system that is not looked at.
    case unknown
  }

  private struct Mount {
    let path: [UInt8]
    let isLocal: Bool
  }

  private let mounts: [Mount]

  private static let local = [
    "bcachefs", "btrfs", "erofs", "exfat", "ext2", "ext3", "ext4", "f2fs", "jfs", "ntfs3",
    "overlay",
    "ramfs", "reiserfs", "squashfs", "tmpfs", "udf", "vfat", "xfs", "zfs",
  ]
  private static let slash = UInt8(ascii: "/")

  /// Made once: what is mounted later is not entered.
  init(_ table: MountTable) {
    mounts = table.mounts.map { mount in
      Mount(
        path: Array(mount.point.utf8),
        isLocal: Self.local.contains { $0.utf8.elementsEqual(mount.type.utf8) })
    }
  }

  /// - Parameter path: absolute, without `.` and `..`.
  func look(_ path: String) -> Finding {
    let bytes = Array(path.utf8)
    guard let mount = mount(of: bytes) else { return .unknown }
    let rest = bytes[mount.path.count...].drop { $0 == Self.slash }
    if rest.isEmpty { return .there(.directory) }
    do throws(SystemError) {
      let top = try open(
        AT_FDCWD, String(decoding: mount.path, as: UTF8.self), clinux_without_links)
      let raw = try top.withRaw { (raw) throws(SystemError) in
        try open(
          raw, String(decoding: rest, as: UTF8.self),
          clinux_without_links | clinux_beneath | clinux_on_one_mount
        ).release()
      }
      let found = OwnedDescriptor(owning: raw)
      return .there(try Files.status(found, subject: path).kind)
    } catch  where [ENOENT, ENOTDIR].contains(error.errno.code) {
      return .absent
    } catch {
      return .unknown
    }
  }

  /// The mount that the path is on; nil where that one, or one above it, is not to be looked at.
  private func mount(of path: [UInt8]) -> Mount? {
    let above = mounts.filter { mount in
      path.starts(with: mount.path)
        && (mount.path.count == 1 || path.count == mount.path.count
          || path[mount.path.count] == Self.slash)
    }
    guard above.allSatisfy(\.isLocal) else { return nil }
    return above.max { $0.path.count < $1.path.count }
  }

  private func open(
    _ directory: Int32, _ path: String, _ resolve: UInt64
  ) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      owning: try check("look", path) {
        unsafe clinux_open_beneath(directory, path, clinux_o_path | O_NOFOLLOW, resolve)
      })
  }
}
