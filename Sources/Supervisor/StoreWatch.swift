import CLinux
import Glibc
import Kernel

/// Tells when a file in the approvals' directory was replaced: another process decided something.
struct StoreWatch: ~Copyable {
  let descriptor: OwnedDescriptor

  init(directory: String) throws(SystemError) {
    let watch = OwnedDescriptor(
      owning: try check("inotify", "create") { clinux_inotify_create() })
    _ = try watch.withRaw { (raw) throws(SystemError) in
      try check("inotify", directory) { unsafe clinux_inotify_watch(raw, directory) }
    }
    descriptor = watch
  }

  /// Forgets what was told so far; which file it was does not matter.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while descriptor.withRaw({ unsafe read($0, &buffer, buffer.count) }) > 0 {}
  }
}
