import Kernel

/// Looking around while searching: what cannot be looked at is as good as absent, and the search goes
/// on elsewhere. (What is found is then followed with every error reported.)
enum Look {
  static func names(in directory: String) -> [String] {
    do { return try Files.list(directory) } catch { return [] }
  }

  static func status(_ path: String) -> FileStatus? {
    do { return try Files.status(path) } catch { return nil }
  }

  static func contents(_ path: String, limit: Int) -> [UInt8]? {
    do { return try Files.read(path, limit: limit) } catch { return nil }
  }

  /// Where a path leads, without symbolic links.
  static func real(_ path: String) -> String? {
    do { return try PathWalk.follow(path).real } catch { return nil }
  }

  /// A regular file, links followed, that somebody may execute. (Who will is another identity.)
  static func isExecutable(_ path: String) -> Bool {
    guard let status = status(path) else { return false }
    return status.kind == .regular && status.mode & 0o111 != 0
  }
}
