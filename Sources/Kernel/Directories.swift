import Glibc

extension Files {
  /// Creates a directory and those above it. Existing ones are left as they are.
  public static func makeDirectories(_ path: String, mode: UInt32) throws(SystemError) {
    if path == "/" || path == "." || exists(path) { return }
    try makeDirectories(parent(of: path), mode: mode)
    do throws(SystemError) {
      try check("mkdir", path) { unsafe mkdir(path, mode) }
    } catch  where error.errno.code == EEXIST {
      // Another process made it meanwhile.
    }
  }

  /// The names in a directory, without `.` and `..`, in the order of their bytes.
  public static func list(_ path: String) throws(SystemError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw SystemError(step: "open", subject: path, errno: .current)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      // d_name is a NUL-terminated array at a fixed place in the entry that readdir returned.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The path with every symbolic link resolved.
  public static func realPath(_ path: String) throws(SystemError) -> String {
    guard let resolved = unsafe realpath(path, nil) else {
      throw SystemError(step: "resolve", subject: path, errno: .current)
    }
    // realpath allocates with malloc.
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// A symbolic link's target, as written.
  public static func readLink(_ path: String) throws(SystemError) -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = try check("readlink", path) {
      unsafe buffer.withUnsafeMutableBytes { (bytes) -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
      }
    }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
