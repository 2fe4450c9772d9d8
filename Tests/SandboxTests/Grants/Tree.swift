import Foundation
import Glibc
import Kernel

/// Files of a test's own, with everything removed at the end.
final class Tree: Sendable {
  let path: String

  init() throws {
    let name = "cordon-tree-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    path = try Files.realPath(NSTemporaryDirectory()).appending("/" + name)
    try Files.makeDirectories(path, mode: 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(_ name: String) -> String { name.isEmpty ? path : "\(path)/\(name)" }

  @discardableResult
  func directory(_ name: String, mode: UInt32 = 0o755) throws -> String {
    try Files.makeDirectories(self[name], mode: mode)
    return self[name]
  }

  @discardableResult
  func file(_ name: String, _ text: String = "x\n") throws -> String {
    try Files.makeDirectories(Files.parent(of: self[name]), mode: 0o755)
    try Data(text.utf8).write(to: URL(filePath: self[name]))
    return self[name]
  }

  @discardableResult
  func link(_ name: String, to target: String) throws -> String {
    try Files.makeDirectories(Files.parent(of: self[name]), mode: 0o755)
    try check("symlink", name) { unsafe symlink(target, self[name]) }
    return self[name]
  }

  func hardLink(_ name: String, to target: String) throws {
    try Files.makeDirectories(Files.parent(of: self[name]), mode: 0o755)
    try check("link", name) { unsafe Glibc.link(self[target], self[name]) }
  }

  /// A socket that nobody listens on: its name alone.
  @discardableResult
  func socket(_ name: String) throws -> String {
    try Files.makeDirectories(Files.parent(of: self[name]), mode: 0o755)
    try check("mknod", name) { unsafe mknod(self[name], S_IFSOCK | 0o666, 0) }
    return self[name]
  }

  func pipe(_ name: String) throws {
    try Files.makeDirectories(Files.parent(of: self[name]), mode: 0o755)
    try check("mkfifo", name) { unsafe mkfifo(self[name], 0o666) }
  }
}
