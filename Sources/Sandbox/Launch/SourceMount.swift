import CLinux
import Glibc
import Kernel

/// A source as a detached mount with its attributes set.
///
/// As root this runs in the supervisor, because a process in the new user namespace can neither
/// id-map the host's file systems nor pass the host's 0700 directories; otherwise in the stage.
enum SourceMount {
  static func open(_ source: Source) throws(SystemError) -> Int32 {
    // The path was free of links when the plan was made: one that is there now was planted.
    let path = OwnedDescriptor(
      owning: try check("open", source.path) {
        unsafe clinux_open_beneath(AT_FDCWD, source.path, clinux_o_path, clinux_without_links)
      })
    if source.devices { try checkDevice(path, source.path) }
    if let identity = source.identity {
      let found = FileIdentity(try Files.status(path, subject: source.path))
      guard found == identity else {
        throw SystemError(step: "open", subject: source.path, errno: Errno(ESTALE))
      }
    }
    let mount = OwnedDescriptor(
      owning: try path.withRaw { (raw) throws(SystemError) in
        try check("open_tree", source.path) { unsafe clinux_open_tree(raw, "", 1) }
      })
    var attributes = UInt32(CLINUX_MOUNT_NO_SUID | CLINUX_MOUNT_PRIVATE)
    if source.readOnly { attributes |= UInt32(CLINUX_MOUNT_READ_ONLY) }
    if source.noExecute { attributes |= UInt32(CLINUX_MOUNT_NO_EXECUTE) }
    if !source.devices { attributes |= UInt32(CLINUX_MOUNT_NO_DEVICES) }
    _ = try mount.withRaw { (raw) throws(SystemError) in
      try check("mount_setattr", source.path) {
        unsafe clinux_mount_attributes(raw, "", attributes, 1)
      }
    }
    return mount.release()
  }

  /// What is at a device's name is a file that the server could write where somebody replaced it
  /// (CVE-2025-31133).
  private static func checkDevice(
    _ descriptor: borrowing OwnedDescriptor, _ path: String
  ) throws(SystemError) {
    let isDevice = try descriptor.withRaw { (raw) throws(SystemError) in
      try check("stat", path) { unsafe clinux_is_memory_device(raw, Path.name(path)) }
    }
    guard isDevice == 1 else {
      throw SystemError(step: "open", subject: path, errno: Errno(ENODEV))
    }
  }

  /// Shows one owner's files as the server's, and what the server writes as that owner's.
  static func mapOwner(
    of mount: Int32, _ path: String, through userNamespace: borrowing OwnedDescriptor
  ) throws(SystemError) {
    _ = try userNamespace.withRaw { (raw) throws(SystemError) in
      try check("id-mapped mount", path) { clinux_mount_id_map(mount, raw) }
    }
  }
}
