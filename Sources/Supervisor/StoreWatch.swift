import CLinux
import Glibc
import Kernel

/// Tells when one file of the approvals' directory came, changed or went: another process decided
/// something.
///
/// The directory is watched and not the file, because a writer puts a new file in its place.
struct StoreWatch: ~Copyable {
  let descriptor: OwnedDescriptor
  private let name: [UInt8]

  /// - Parameter name: the file's name inside the directory.
  init(directory: String, name: String) throws(SystemError) {
    let watch = OwnedDescriptor(
      owning: try check("inotify", "create") { clinux_inotify_create() })
    _ = try watch.withRaw { (raw) throws(SystemError) in
      try check("inotify", directory) { unsafe clinux_inotify_watch(raw, directory) }
    }
    descriptor = watch
    self.name = Array(name.utf8)
  }

  /// Takes all that was told so far.
  ///
  /// - Returns: whether any of it was about the file.
  func drain() -> Bool {
    var concerned = false
    // Room for one event with the longest name, at the least; the kernel gives whole ones.
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = descriptor.withRaw { unsafe read($0, &buffer, buffer.count) }
      guard count > 0 else { return concerned }
      if concerns(buffer[..<count]) { concerned = true }
    }
  }

  /// `struct inotify_event` is the watch, mask, cookie and the name's length, of 32 bits each, then
  /// the name, filled up with NUL.
  private func concerns(_ events: ArraySlice<UInt8>) -> Bool {
    func word(_ rest: ArraySlice<UInt8>, _ index: Int) -> UInt32 {
      let bytes = rest.dropFirst(4 * index).prefix(4)
      return unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt32.self) }
    }
    var rest = events
    while rest.count >= 16 {
      // What got lost, or can no longer be seen, may have been about the file.
      if word(rest, 1) & UInt32(IN_Q_OVERFLOW | IN_IGNORED) != 0 { return true }
      let length = Int(word(rest, 3))
      if rest.dropFirst(16).prefix(length).prefix(while: { $0 != 0 }).elementsEqual(name) {
        return true
      }
      rest = rest.dropFirst(16 + length)
    }
    return false
  }
}
