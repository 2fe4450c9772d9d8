import Glibc
import Kernel

/// What must hold of an audit log's file, for who writes it and for who reads it.
enum AuditFile {
  static func path(_ directory: String, _ server: String) -> String {
    "\(directory)/\(server).jsonl"
  }

  /// - Throws: `exposed` where the file is none, or somebody else could reach it.
  static func check(
    _ file: borrowing OwnedDescriptor, _ path: String, in directory: String
  ) throws(AuditError) {
    let above = try AuditError.wrapping { () throws(SystemError) in try Files.status(directory) }
    let status = try AuditError.wrapping { () throws(SystemError) in
      try Files.status(file, subject: path)
    }
    for (name, status) in [(directory, above), (path, status)] {
      guard status.uid == geteuid() else { throw .exposed(name, "belongs to uid \(status.uid)") }
      guard status.mode & 0o077 == 0 else {
        throw .exposed(name, "others can reach it (mode \(String(status.mode, radix: 8)))")
      }
    }
    guard status.kind == .regular else { throw .exposed(path, "not a regular file") }
  }
}
