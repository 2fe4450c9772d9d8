/// Borrowed bytes, every read of which is checked against their end.
///
/// A view must not outlive the scoped access that lent its memory: the readers make one on entry and
/// drop it before they return.
@safe
struct ByteView {
  private let base: UnsafeRawBufferPointer

  init(_ base: UnsafeRawBufferPointer) {
    unsafe self.base = unsafe base
  }

  var count: Int { unsafe base.count }

  @inline(__always)
  subscript(_ offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count)
    return unsafe base[offset]  // in bounds: the line above
  }

  /// Eight bytes, the first of them lowest.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= count)
    // In bounds: the line above; an unaligned load needs no alignment.
    return unsafe UInt64(
      littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(base[range])
  }

  /// Appends a run in one copy.
  func append(_ range: Range<Int>, to output: inout [UInt8]) {
    unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: base[range]))
  }
}
