import CLinux
import Glibc
import Kernel
import MCP

/// A descriptor that is written to without ever waiting, and what waits to be written.
///
/// Flags of descriptors that others opened are never changed: each kind of file has its own way of
/// writing what it takes and no more.
struct Sink {
  enum Style {
    /// Ours: it has O_NONBLOCK.
    case nonBlocking
    case socket
    /// A pipe on a kernel that knows RWF_NOWAIT there (6.4).
    case noWait
    /// At most PIPE_BUF bytes after poll(2) said that there is room: that much never blocks.
    case small
    /// A regular file, or a device such as /dev/null, which epoll does not watch.
    case always
  }

  let descriptor: Int32
  private var style: Style
  private var bytes: [UInt8] = []
  private var head = 0
  /// The rest of a line that still stands where it was read; it goes before `bytes`. Its framer
  /// must not be filled until it is gone.
  private(set) var borrowed: Range<Int>?
  /// The other end is gone: everything further is thrown away.
  private(set) var isBroken = false

  /// Lines from here on are written from where they were read instead of being copied.
  private static let large = 32 << 10

  init(_ descriptor: Int32, style: Style) {
    self.descriptor = descriptor
    self.style = style
  }

  /// Finds out how a descriptor of the host's can be written. Call before confinement.
  init(hostDescriptor descriptor: Int32) {
    var status = stat()
    let result = unsafe fstat(descriptor, &status)
    let kind = status.st_mode & S_IFMT
    let style: Style =
      result != 0 ? .small : kind == S_IFSOCK ? .socket : kind == S_IFREG ? .always : .noWait
    self.init(descriptor, style: style)
  }

  var queued: Int { bytes.count - head }
  var isEmpty: Bool { borrowed == nil && queued == 0 }
  var isBorrowing: Bool { borrowed != nil }

  /// epoll cannot watch it, so it is always ready.
  mutating func isAlwaysReady() { style = .always }

  mutating func append(_ more: [UInt8]) {
    guard !isBroken else { return }
    // A large answer is not copied where nothing is queued.
    if bytes.isEmpty { bytes = more } else { bytes += more }
  }

  /// Sends a line and its newline on.
  mutating func forward(_ range: Range<Int>, of framer: borrowing LineFramer) {
    guard !isBroken else { return }
    if range.count < Sink.large || !isEmpty {
      unsafe framer.withBytes(range) { line in unsafe bytes.append(contentsOf: line) }
    } else if let whole = framer.withNewline(range) {
      borrowed = whole
      return
    } else {
      borrowed = range
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Writes what can be written now.
  mutating func flush(_ framer: borrowing LineFramer) {
    while let range = borrowed, !isBroken {
      let count = unsafe framer.withBytes(range) { rest in unsafe write(rest) }
      let left = (range.lowerBound + count)..<range.upperBound
      borrowed = left.isEmpty ? nil : left
      guard left.isEmpty || mayTakeMore(after: count) else { break }
    }
    if borrowed == nil { flushBytes() }
    if isBroken { discard() }
  }

  /// For a sink that borrows from nowhere.
  mutating func flush() {
    flushBytes()
    if isBroken { discard() }
  }

  private mutating func flushBytes() {
    while queued > 0, !isBroken {
      let queue = bytes
      let start = head
      let count = unsafe queue.withUnsafeBytes { all in
        unsafe write(UnsafeRawBufferPointer(rebasing: all[start...]))
      }
      head += count
      guard queued == 0 || mayTakeMore(after: count) else { break }
    }
    if queued == 0 {
      bytes.removeAll(keepingCapacity: bytes.capacity <= 256 << 10)
      head = 0
    } else if head >= 1 << 20 {
      bytes.removeFirst(head)
      head = 0
    }
  }

  /// After less was taken than was offered there is no room for more, unless little was offered.
  private func mayTakeMore(after count: Int) -> Bool { count > 0 && style == .small }

  mutating func breakOff() {
    isBroken = true
    discard()
  }

  private mutating func discard() {
    bytes = []
    head = 0
    borrowed = nil
  }

  /// - Returns: how many bytes were taken; 0 where none would be taken now.
  private mutating func write(_ data: UnsafeRawBufferPointer) -> Int {
    guard let base = data.baseAddress, data.count > 0 else { return 0 }
    while true {
      let count: Int
      switch style {
      case .nonBlocking, .always: count = unsafe Glibc.write(descriptor, base, data.count)
      case .socket: count = unsafe clinux_send(descriptor, base, data.count, 1)
      case .noWait: count = unsafe clinux_pwritev2_nowait(descriptor, base, data.count)
      case .small:
        guard hasRoom else { return 0 }
        count = unsafe Glibc.write(descriptor, base, min(data.count, 4096))
      }
      if count >= 0 { return count }
      switch Errno.current.code {
      case EINTR: continue
      case EAGAIN: return 0
      case EOPNOTSUPP, ENOSYS, EINVAL, ESPIPE:
        guard style == .noWait else {
          isBroken = true
          return 0
        }
        style = .small
      default:
        isBroken = true
        return 0
      }
    }
  }

  private var hasRoom: Bool { waitUntilWritable(milliseconds: 0) }

  /// True also where writing would fail: the write then tells why.
  @discardableResult
  func waitUntilWritable(milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&watched, 1, milliseconds) == 1
  }
}
