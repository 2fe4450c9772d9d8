import CLinux

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

  /// The byte at `offset`, or NUL, which JSON has nowhere, past the end: whoever meets it where
  /// something else should be asks which of the two it was.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    UInt(bitPattern: offset) < UInt(bitPattern: count) ? self[offset] : 0
  }

  /// Which of 16 bytes are no plain text in a string: quotes, backslashes, control characters and
  /// what is not ASCII. The first byte's bit is the lowest.
  @inline(__always)
  func special16(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && count &- 16 >= offset)
    // In bounds: the line above.
    return unsafe UInt64(clinux_special_16(start.unsafelyUnwrapped + offset))
  }

  /// The same of 64 bytes.
  @inline(__always)
  func special64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && count &- 64 >= offset)
    // In bounds: the line above.
    return unsafe clinux_special_64(start.unsafelyUnwrapped + offset)
  }

  /// What 16 bytes of a string with escapes are.
  @inline(__always)
  func stringBlock(at offset: Int) -> clinux_string_block {
    precondition(offset >= 0 && count &- 16 >= offset)
    // In bounds: the line above.
    return unsafe clinux_string_block(start.unsafelyUnwrapped + offset)
  }

  /// The same bytes up to an offset.
  func prefix(_ length: Int) -> ByteView {
    precondition(length >= 0 && length <= count)
    return unsafe ByteView(UnsafeRawBufferPointer(start: start, count: length))
  }

  func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(buffer[range])
  }

  /// Appends a run in one copy.
  func append(_ range: Range<Int>, to output: inout [UInt8]) {
    unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[range]))
  }

  /// Copies a run to where there is room for it.
  @inline(__always)
  func copy(_ range: Range<Int>, to target: UnsafeMutableRawPointer) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    guard !range.isEmpty else { return }
    // In bounds here: the lines above, so that there is an address; there by the caller's word.
    unsafe target.copyMemory(
      from: start.unsafelyUnwrapped + range.lowerBound, byteCount: range.count)
  }

  private var buffer: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: start, count: count)
  }
}
