import CLinux
import Kernel

/// The memory of a thread of the server that waits for the witness's answer.
///
/// What is read here is told, and nothing is decided by it: another thread may rewrite it at once.
struct ServerMemory {
  let thread: Int32

  private static let page: UInt64 = 4096

  /// A path up to its NUL; nil where there is none that the kernel would take, or it cannot be read.
  func path(at address: UInt64) -> [UInt8]? {
    guard address != 0 else { return nil }
    var path: [UInt8] = []
    var next = address
    while path.count < WitnessReport.longestPath {
      // Up to a page's end and no further: the page behind a string need not be there.
      let count = min(
        Int(Self.page - next % Self.page), WitnessReport.longestPath - path.count)
      guard let bytes = bytes(at: next, count: count) else { return nil }
      if let end = bytes.firstIndex(of: 0) { return path + bytes[..<end] }
      path += bytes
      next &+= UInt64(count)
    }
    return nil
  }

  /// Exactly `count` bytes; nil where they cannot be read.
  func bytes(at address: UInt64, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let done = unsafe bytes.withUnsafeMutableBytes { buffer -> Int in
      guard let base = buffer.baseAddress else { return 0 }
      // The kernel writes at most `count` bytes to a buffer of that length.
      return unsafe clinux_read_memory(thread, address, base, count)
    }
    return done == count ? bytes : nil
  }

  /// A little-endian number of 64 bits, as both architectures have them.
  func number(at address: UInt64) -> UInt64? {
    bytes(at: address, count: 8)?.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
