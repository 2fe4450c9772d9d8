import Glibc

/// The bytes behind a framer: uninitialised until they are read into, freed with their owner.
///
/// Memory that was never touched costs nothing, so a large block is taken in one piece instead of
/// being grown and copied step by step.
@safe
struct LineMemory: ~Copyable {
  private let base: UnsafeMutableRawPointer
  let count: Int

  /// From here on the kernel is asked for its larger pages: a long line then takes a few page
  /// faults instead of thousands.
  private static let hugePage = 2 << 20

  init(count: Int) {
    let alignment = count > Self.hugePage ? Self.hugePage : 64
    // It ends the process when there is no memory, as every allocation does.
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: alignment)
    self.count = count
    // Advice: without it the block is no less usable.
    if count > Self.hugePage { _ = unsafe madvise(base, count, MADV_HUGEPAGE) }
  }

  /// Lends a part for writing.
  func writable(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // In bounds: the line above.
    return unsafe UnsafeMutableRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// Lends a part that was written.
  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(writable(range))
  }

  /// Moves a part to the beginning.
  func moveToFront(_ range: Range<Int>) {
    // Both are within the block; they may overlap, hence memmove.
    let from = unsafe bytes(range)
    guard let source = from.baseAddress else { return }
    _ = unsafe memmove(base, source, range.count)
  }

  /// A part of another block, at the beginning of this one.
  func copy(_ range: Range<Int>, of other: borrowing LineMemory) {
    unsafe writable(0..<range.count).copyMemory(from: other.bytes(range))
  }

  deinit { unsafe base.deallocate() }
}
