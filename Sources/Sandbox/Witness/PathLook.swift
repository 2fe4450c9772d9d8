import CLinux
import Glibc
import Kernel

/// What the kernel would say of a path, asked with the server's rights and from the server's place.
///
/// The witness has the server's root and looks at files with the server's identity. It asks by
/// name and opens nothing, so that neither a FIFO nor a device can hold it up.
struct PathLook {
  /// A path that cannot be had.
  struct Failure: Equatable {
    let errno: Int32
    /// What is not there: the path, or what a link at its end leads to.
    let path: [UInt8]
  }

  let thread: Int32

  private static let slash = UInt8(ascii: "/")
  private static let existence: Int32 = 0
  private static let mostLinks = 8

  /// The path from the root.
  ///
  /// - Parameter directory: the descriptor where a relative path begins; nil for the working
  ///   directory.
  /// - Returns: nil where that place has no name.
  func absolute(_ path: [UInt8], from directory: Int32?) -> [UInt8]? {
    guard let first = path.first else { return nil }
    if first == Self.slash { return path }
    let place = directory.map { "fd/\($0)" } ?? "cwd"
    guard let base = link(Array("/proc/\(thread)/\(place)".utf8)), base.first == Self.slash
    else { return nil }
    let whole = base + [Self.slash] + path
    return whole.count <= WitnessReport.longestPath ? whole : nil
  }

  /// Why `act` cannot have the path; nil where it can, as far as the path decides.
  func failure(_ act: PathAct, _ path: [UInt8], follows: Bool) -> Failure? {
    switch act {
    case .look, .connect: missing(path, Self.existence, follows: follows)
    case .read: missing(path, R_OK, follows: follows)
    case .execute: missing(path, X_OK, follows: follows)
    case .write: missing(path, W_OK, follows: follows)
    // What is there already is no news: programs make directories without asking first.
    case .make:
      access(path, Self.existence, follows: false) == 0 ? nil : unwritableParent(of: path)
    case .remove:
      missing(path, Self.existence, follows: false) ?? unwritableParent(of: path)
    }
  }

  /// A file that is opened, and made where it is missing.
  func failureOfMaking(_ path: [UInt8], opening act: PathAct) -> Failure? {
    let errno = access(path, act == .write ? W_OK : R_OK, follows: true)
    if errno == 0 { return nil }
    return errno == ENOENT ? unwritableParent(of: path) : Failure(errno: errno, path: path)
  }

  private func missing(_ path: [UInt8], _ mode: Int32, follows: Bool) -> Failure? {
    var path = path
    for _ in 0..<Self.mostLinks {
      let errno = access(path, mode, follows: follows)
      if errno == 0 { return nil }
      // A link of the system's may lead to what is not shown; then that is what is missing.
      guard errno == ENOENT, follows, let target = link(path), !target.isEmpty else {
        return Failure(errno: errno, path: path)
      }
      path = target.first == Self.slash ? target : parent(of: path) + [Self.slash] + target
      if path.count > WitnessReport.longestPath { return nil }
    }
    return nil
  }

  private func unwritableParent(of path: [UInt8]) -> Failure? {
    let errno = access(parent(of: path), W_OK | X_OK, follows: true)
    return errno == 0 ? nil : Failure(errno: errno, path: path)
  }

  private func parent(of path: [UInt8]) -> [UInt8] {
    var path = path
    while path.count > 1, path.last == Self.slash { path.removeLast() }
    guard let end = path.lastIndex(of: Self.slash), end > 0 else { return [Self.slash] }
    return Array(path[..<end])
  }

  /// 0, or the errno.
  private func access(_ path: [UInt8], _ mode: Int32, follows: Bool) -> Int32 {
    let result = unsafe (path + [0]).withUnsafeBytes { bytes -> Int32 in
      guard let base = bytes.baseAddress else { return 0 }
      // The bytes end with a NUL and outlive the call.
      return unsafe clinux_may_access(base, mode, follows ? 1 : 0)
    }
    return result == 0 ? 0 : Errno.current.code
  }

  /// Where a link leads, as written; nil for what is none.
  private func link(_ path: [UInt8]) -> [UInt8]? {
    var target = [UInt8](repeating: 0, count: WitnessReport.longestPath)
    let count = unsafe (path + [0]).withUnsafeBytes { bytes -> Int in
      guard let base = bytes.baseAddress else { return -1 }
      return unsafe target.withUnsafeMutableBytes { buffer -> Int in
        guard let start = buffer.baseAddress else { return -1 }
        // The bytes end with a NUL; the kernel writes no more than the buffer's length.
        return unsafe clinux_read_link(base, start, buffer.count)
      }
    }
    return count < 0 ? nil : Array(target[..<count])
  }
}
