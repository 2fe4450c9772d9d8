/// Bytes that have one owner: what is written byte by byte is checked for room and nothing else.
@safe
struct OwnedBytes: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private(set) var count = 0

  init() {
    unsafe base = nil
  }

  /// Forgets what is written, but not the memory, unless there is much of it.
  mutating func removeAll() {
    count = 0
    guard capacity > 1 << 20 else { return }
    unsafe base?.deallocate()
    unsafe base = nil
    capacity = 0
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    // In bounds: the line above, so that there is an address.
    unsafe base.unsafelyUnwrapped.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends a run of what a view shows.
  @inline(__always)
  mutating func append(_ range: Range<Int>, of view: ByteView) {
    reserve(range.count)
    // In bounds: the line above.
    unsafe view.copy(range, to: base.unsafelyUnwrapped + count)
    count &+= range.count
  }

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe append(0..<buffer.count, of: ByteView(buffer))
    }
  }

  var bytes: [UInt8] { unsafe withBytes { unsafe Array($0) } }

  func withBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
    unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if capacity &- count < more { grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) {
    let larger = max(1024, capacity * 2, count + more)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    if let base = unsafe base {
      // Both hold at least `count` bytes.
      unsafe memory.copyMemory(from: base, byteCount: count)
      unsafe base.deallocate()
    }
    unsafe base = memory
    capacity = larger
  }

  deinit { unsafe base?.deallocate() }
}
