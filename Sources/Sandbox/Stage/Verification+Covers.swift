import Glibc
import Kernel

/// Whether what must not be changed, or not be seen, is so from where the server stands.
extension Verification {
  func verify(_ cover: Cover) throws(SystemError) {
    let kind: FileStatus.Kind
    do throws(SystemError) {
      kind = try Files.status(cover.path, follow: false).kind
    } catch  where error.errno.code == EACCES {
      // The server cannot go there at all.
      return
    }
    switch cover.kind {
    case .hidden:
      try require(kind == .directory || kind == .regular, "\(cover.path) is not hidden")
    case .readOnly:
      // Of a link the name is held, and what it leads to has a cover of its own.
      if kind == .symbolicLink || isChanged("statfs") { return }
      try require(
        try Files.isOnReadOnlyFileSystem(cover.path), "\(cover.path) can be written")
    case .pinned:
      return
    }
  }
}
