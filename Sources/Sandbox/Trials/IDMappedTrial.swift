import Glibc
import Kernel

extension Trial {
  /// `id-mapped-mount`: whether files of this path's file system can be shown as another user's,
  /// as root's writable grants are. Nothing is attached anywhere.
  public static func idMappedMount(of path: String) -> Trial {
    .of("id-mapped-mount") { () throws(SystemError) in
      let source = Source(path: try Files.realPath(path), readOnly: false)
      let mount = OwnedDescriptor(owning: try SourceMount.open(source))
      let namespace = try OwnerNamespace(
        mapping: Owner(uid: 0, gid: 0), to: Identity.fromRange(index: 0).server)
      _ = try ChildEnd(waitingFor: namespace.holder, "namespace")
      try mount.withRaw { (raw) throws(SystemError) in
        try SourceMount.mapOwner(of: raw, path, through: namespace.descriptor)
      }
    }
  }
}
