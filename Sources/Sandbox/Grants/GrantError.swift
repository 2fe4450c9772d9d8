public import Kernel

/// Why a path cannot be granted as it was asked for.
public enum GrantError: Error, Equatable, Sendable {
  case unresolved(String, SystemError)
  /// A socket: `filesystem.sockets` grants one.
  case socket(String)
  case notSocket(String)
  /// A device or a named pipe.
  case neitherFileNorDirectory(String)
  /// `/proc`, `/dev`, `/run`, `/tmp`, HOME and the like are the sandbox's own.
  case ownedBySandbox(String)
  /// The machine's root, which must be accepted by name.
  case root(String)
  /// A home directory, or one above it, which must be accepted by name.
  case home(String, account: String)
  /// One directory or file under two names, once read-only and once read-write.
  case conflict(String, String)
  /// It is, holds or is inside one of Cordon's own directories, or holds another name of a file of
  /// theirs.
  case reserved(String, own: String)
  /// The server could change a file that decides what runs: Cordon's binary, or its own program.
  case changesProgram(String, program: String)
  /// A file system of the kernel's, such as proc, is mounted inside.
  case kernelFileSystem(String, at: String, type: String)
  /// Sockets or named pipes are inside; not all of them are listed.
  case channels(String, [String], count: Int)
  /// Directories inside could not be looked at.
  case unread(String, [String], count: Int)
  /// More names than are looked at.
  case tooLarge(String, entries: Int)
  /// More paths than can be protected one by one.
  case tooManyToProtect(String, count: Int)
}
