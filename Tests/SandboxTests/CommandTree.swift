import Foundation
import Kernel
import Sandbox

/// A home directory made for one test, with what the test puts into it. Removed afterwards.
final class CommandTree {
  let root: String
  var home: String { "\(root)/people/user" }

  init() throws {
    var name = Array("/tmp/command-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else { throw Errno.current }
    // /tmp itself may be a link: results name real paths.
    root = try Files.realPath(
      String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    try Files.makeDirectories(home, mode: 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// A path below the home directory.
  func path(_ relative: String) -> String { "\(home)/\(relative)" }

  @discardableResult
  func file(_ relative: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
    let path = path(relative)
    try Files.makeDirectories(Files.parent(of: path), mode: 0o755)
    try write(Array(text.utf8), to: path, mode: mode)
    return path
  }

  @discardableResult
  func script(_ relative: String, _ text: String) throws -> String {
    try file(relative, text, mode: 0o755)
  }

  /// A copy of a program of this machine.
  @discardableResult
  func program(_ relative: String, from original: String = "/bin/true") throws -> String {
    let path = path(relative)
    try Files.makeDirectories(Files.parent(of: path), mode: 0o755)
    try write(try Files.read(original, limit: 1 << 27), to: path, mode: 0o755)
    return path
  }

  /// Without the synchronisation of `Files.replace`: a test's files need not outlive a power cut.
  func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o755) throws {
    let file = try Files.open(path, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
    try Files.write(bytes, to: file, subject: path)
  }

  func link(_ relative: String, to target: String) throws {
    let path = path(relative)
    try Files.makeDirectories(Files.parent(of: path), mode: 0o755)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  func request(
    _ command: String, _ arguments: [String] = [], searchPath: String = "/usr/bin:/bin",
    environment: [String: String] = [:]
  ) -> CommandRequest {
    CommandRequest(
      command: command, arguments: arguments, searchPath: searchPath, home: home,
      workingDirectory: home, environment: environment)
  }

  func resolve(
    _ command: String, _ arguments: [String] = [], searchPath: String = "/usr/bin:/bin",
    environment: [String: String] = [:]
  ) throws -> ResolvedCommand {
    try CommandFinder.resolve(
      request(command, arguments, searchPath: searchPath, environment: environment))
  }

  /// The grants, as `relative-path`, with `/` behind a directory and ` -> target` behind a link.
  func shown(_ command: ResolvedCommand) -> [String] {
    command.grants.map { grant in
      let prefix = home + "/"
      let path =
        grant.path.hasPrefix(prefix) ? String(grant.path.dropFirst(prefix.count)) : grant.path
      return switch grant.kind {
      case .file: path
      case .directory: path + "/"
      case .link(let target): "\(path) -> \(target.replacingOccurrences(of: prefix, with: "~/"))"
      }
    }
  }

  /// An empty Python environment: what a resolver looks at.
  func environment(_ relative: String, base: String = "/usr/bin", packages: [String] = []) throws {
    try file("\(relative)/pyvenv.cfg", "home = \(base)\nversion_info = 3.11.7\n")
    try link("\(relative)/bin/python", to: "\(base)/python3")
    for package in packages {
      try file("\(relative)/lib/python3.11/site-packages/\(package).dist-info/METADATA", "")
    }
  }
}
