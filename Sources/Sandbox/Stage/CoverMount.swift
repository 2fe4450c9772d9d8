import CLinux
import Glibc
import Kernel

/// Covers paths of grants that are in place, from a descriptor of the new root and without following
/// a link: what lies in a grant may be in the hands of an attacker.
struct CoverMount {
  let root: Int32

  func place(_ cover: Cover) throws(SystemError) {
    // A link is covered itself, and its name held; where it leads is not looked at.
    let target = OwnedDescriptor(
      owning: try check("open", cover.path) {
        unsafe clinux_open_beneath(
          root, Self.relative(cover.path), clinux_o_path | O_NOFOLLOW,
          clinux_without_links | clinux_beneath)
      })
    switch cover.kind {
    case .readOnly: try place(try clone(target, cover.path, readOnly: true), on: target, cover)
    case .pinned: try place(try clone(target, cover.path, readOnly: false), on: target, cover)
    case .hidden:
      if try Files.status(target, subject: cover.path).kind == .directory {
        try place(try emptyDirectory(), on: target, cover)
      } else {
        try hideFile(target, cover)
      }
    }
  }

  private func place(
    _ mount: borrowing OwnedDescriptor, on target: borrowing OwnedDescriptor, _ cover: Cover
  ) throws(SystemError) {
    try target.withRaw { (target) throws(SystemError) in
      _ = try mount.withRaw { (mount) throws(SystemError) in
        try check("move_mount", cover.path) { unsafe clinux_move_mount(mount, target, "") }
      }
    }
  }

  /// The very thing again, with everything mounted below it and its attributes.
  private func clone(
    _ target: borrowing OwnedDescriptor, _ path: String, readOnly: Bool
  ) throws(SystemError) -> OwnedDescriptor {
    let mount = OwnedDescriptor(
      owning: try target.withRaw { (raw) throws(SystemError) in
        try check("open_tree", path) { unsafe clinux_open_tree(raw, "", 1) }
      })
    if readOnly {
      _ = try mount.withRaw { (raw) throws(SystemError) in
        try check("mount_setattr", path) {
          unsafe clinux_mount_attributes(raw, "", UInt32(CLINUX_MOUNT_READ_ONLY), 1)
        }
      }
    }
    return mount
  }

  /// An empty file stands in front, which has no name any more once it is in its place.
  private func hideFile(
    _ target: borrowing OwnedDescriptor, _ cover: Cover
  ) throws(SystemError) {
    let name = ".hidden"
    let file = OwnedDescriptor(
      owning: try check("create", name) {
        unsafe clinux_openat(root, name, O_RDONLY | O_CREAT | O_EXCL, 0o444)
      })
    try place(try clone(file, name, readOnly: true), on: target, cover)
    try check("remove", name) { unsafe unlinkat(root, name, 0) }
  }

  /// An empty directory that nobody can write to.
  private func emptyDirectory() throws(SystemError) -> OwnedDescriptor {
    let options = ["size", "4096", "nr_inodes", "2", "mode", "0555"]
    let attributes =
      UInt32(
        CLINUX_MOUNT_READ_ONLY | CLINUX_MOUNT_NO_SUID | CLINUX_MOUNT_NO_DEVICES
          | CLINUX_MOUNT_NO_EXECUTE)
    let raw = try unsafe withCStrings(options) { (pointers) throws(SystemError) in
      try check("mount", "tmpfs") {
        unsafe clinux_new_file_system("tmpfs", pointers, options.count, attributes)
      }
    }
    return OwnedDescriptor(owning: raw)
  }

  private static func relative(_ path: String) -> String {
    let rest = path.drop { $0 == "/" }
    return rest.isEmpty ? "." : String(rest)
  }
}
