import Glibc
import Kernel

/// A directory of a test's own, with everything in it removed at the end.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = "/tmp/cordon-supervisor-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Files.makeDirectories(path, mode: 0o700)
  }

  deinit { Scratch.clear(path) }

  private static func clear(_ path: String) {
    for name in (try? Files.list(path)) ?? [] {
      let entry = "\(path)/\(name)"
      if (try? Files.status(entry, follow: false))?.kind == .directory { clear(entry) }
      try? Files.remove(entry)
    }
    try? Files.remove(path)
  }
}
