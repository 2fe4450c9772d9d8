/// Borrowed bytes, every read of which is checked against their end.
///
/// A view must not outlive the scoped access that lent its memory: the readers make one on entry and
/// drop it before they return.
@safe
struct ByteView {
  private let start: UnsafeRawPointer?
  let count: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe start = bytes.baseAddress
    count = bytes.count
  }

  @inline(__always)
  subscript(_ offset: Int) -> UInt8 {
    // As unsigned numbers, so that one comparison refuses negative offsets too.
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: count))
    // In bounds: the line above; where there are bytes there is an address.
    return unsafe start.unsafelyUnwrapped.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes, the first of them lowest.
  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && count &- 8 >= offset)
    // In bounds: the line above, so that there is an address; an unaligned load needs no alignment.
    return unsafe UInt64(
      littleEndian: start.unsafelyUnwrapped.loadUnaligned(
        fromByteOffset: offset, as: UInt64.self))
  }

  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(buffer[range])
  }

  /// Appends a run in one copy.
  func append(_ range: Range<Int>, to output: inout [UInt8]) {
    unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  private var buffer: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: start, count: count)
  }
}
