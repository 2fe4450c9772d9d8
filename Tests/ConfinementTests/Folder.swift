import CLinux
import Glibc
import Kernel

/// A folder of a test's own with something in it to try things on, removed with its last user.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/cordon-wall-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else {
      throw SystemError(step: "mkdtemp", subject: "/tmp", errno: .current)
    }
    path = unsafe String(cString: made)
    for name in ["other", "full"] { try Files.makeDirectories("\(path)/\(name)", mode: 0o700) }
    for name in ["file", "full/removed", "full/moved", "full/across"] {
      let file = try Files.open("\(path)/\(name)", flags: O_WRONLY | O_CREAT, mode: 0o600)
      try Files.write(Array("text".utf8), to: file, subject: name)
    }
  }

  /// Says why on standard error and ends the test's process.
  static func fail(_ reason: String) -> Never {
    let line = Array("\(reason)\n".utf8)
    _ = unsafe write(2, line, line.count)
    exit(1)
  }

  deinit { Folder.remove(path) }

  private static func remove(_ path: String) {
    for name in (try? Files.list(path)) ?? [] {
      let whole = "\(path)/\(name)"
      if (try? Files.status(whole, follow: false))?.kind == .directory {
        remove(whole)
      } else {
        try? Files.remove(whole)
      }
    }
    try? Files.remove(path)
  }
}
