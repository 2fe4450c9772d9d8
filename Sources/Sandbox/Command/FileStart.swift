import Glibc
import Kernel

/// Reads parts of a file: programs are large, and little of them is looked at.
struct FileStart: ~Copyable {
  private let descriptor: OwnedDescriptor
  private let path: String

  init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = try Files.open(path, flags: O_RDONLY | O_NONBLOCK)
  }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  func bytes(_ offset: Int, _ count: Int) throws(SystemError) -> [UInt8] {
    guard offset >= 0, (0...1_048_576).contains(count) else {
      throw SystemError(step: "read", subject: path, errno: Errno(EINVAL))
    }
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try descriptor.withRaw { (raw) throws(SystemError) in
      try check("read", path) { unsafe pread(raw, &bytes, count, off_t(offset)) }
    }
    return Array(bytes.prefix(read))
  }
}
