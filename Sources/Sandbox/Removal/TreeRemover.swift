import CLinux
import Glibc
import Kernel

/// Empties a directory that a hostile program has filled.
///
/// Everything is reached from an open directory, by one name, without following a link and without
/// leaving the mount. The tree may be of any depth and width, and names may be any bytes: no path
/// is ever put together to open something, and only a few directories are open at a time.
struct TreeRemover {
  /// What could not be removed.
  struct Leftover: Equatable {
    /// Below the directory that was to be emptied, as bytes.
    let path: [UInt8]
    let errno: Errno
  }

  private let top: Int32
  private let deepest: Int
  private(set) var removed: UInt64 = 0
  /// The first of this pass.
  private var leftover: Leftover?
  /// How many directories were brought up to the top.
  private var moved: UInt64 = 0
  /// The names from the top to the directory at hand.
  private var names: [[UInt8]] = []

  /// - Parameters:
  ///   - top: the open directory; it stays open, and is not removed itself.
  ///   - deepest: how many directories below it are open at once. What lies deeper is moved up to
  ///     the top and emptied there.
  init(top: Int32, deepest: Int = 32) {
    self.top = top
    self.deepest = deepest
  }

  /// Removes all that can be removed.
  ///
  /// - Returns: nil where nothing is left.
  mutating func run() -> Leftover? {
    while true {
      let before = removed + moved
      leftover = nil
      empty(top)
      // Again until nothing happens: what was moved up may come behind the place that the list is
      // at, and what could not go may be able to once the rest has gone.
      if removed + moved == before { return leftover }
    }
  }

  private mutating func empty(_ directory: Int32) {
    // A second descriptor of the same directory: the list takes it over and closes it.
    let copy = unsafe clinux_open_beneath(
      directory, ".", O_RDONLY | O_DIRECTORY, clinux_on_this_mount)
    guard copy >= 0, let list = unsafe fdopendir(copy) else { return note(Errno.current) }
    defer { unsafe closedir(list) }
    while true {
      // readdir tells an error by errno alone, and the end by none.
      clinux_clear_errno()
      guard let entry = unsafe readdir(list) else {
        let errno = Errno.current
        if errno.code != 0 { note(errno) }
        return
      }
      // d_name is a NUL-terminated array at a fixed place in the entry that readdir returned.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: UInt8.self, capacity: 256) {
          unsafe Array(UnsafeBufferPointer(start: $0, count: 256).prefix { $0 != 0 })
        }
      }
      if name == [UInt8(ascii: ".")] || name == Array("..".utf8) { continue }
      names.append(name)
      remove(name, in: directory)
      names.removeLast()
    }
  }

  private mutating func remove(_ name: [UInt8], in directory: Int32) {
    let path = name.map { CChar(bitPattern: $0) } + [0]
    guard let refusal = unlink(path, in: directory, 0) else { return }
    // The kernel names a directory with this errno before it looks at anything else of it.
    guard refusal.code == EISDIR else { return note(refusal) }
    guard let refusal = unlink(path, in: directory, Int32(AT_REMOVEDIR)) else { return }
    guard refusal.code == ENOTEMPTY || refusal.code == EEXIST else { return note(refusal) }
    if names.count > deepest { return moveUp(path, from: directory) }
    let raw = unsafe clinux_open_beneath(
      directory, path, O_RDONLY | O_DIRECTORY, clinux_on_this_mount)
    guard raw >= 0 else { return note(Errno.current) }
    let isClean = leftover == nil
    empty(raw)
    close(raw)
    let last = unlink(path, in: directory, Int32(AT_REMOVEDIR))
    // A directory that still holds what was noted is no news of its own.
    if let last, !isClean || leftover == nil { note(last) }
  }

  /// - Returns: nil once the name is gone.
  private mutating func unlink(_ path: [CChar], in directory: Int32, _ flags: Int32) -> Errno? {
    guard unsafe unlinkat(directory, path, flags) != 0 else {
      removed += 1
      return nil
    }
    let errno = Errno.current
    return errno.code == ENOENT ? nil : errno
  }

  private mutating func moveUp(_ path: [CChar], from directory: Int32) {
    // The server may have taken any name, but not guessed this one.
    let name = ".cordon-removal-" + String(UInt64.random(in: 0 ... .max), radix: 16)
    guard unsafe clinux_rename_to_new(directory, path, top, name) == 0 else {
      return note(Errno.current)
    }
    moved += 1
  }

  private mutating func note(_ errno: Errno) {
    guard leftover == nil else { return }
    leftover = Leftover(
      path: Array(names.joined(separator: [UInt8(ascii: "/")])), errno: errno)
  }
}
