import Glibc

/// Cuts a stream into lines, in bounded memory and looking at each byte once.
///
/// A newline ends a line; one carriage return before it is dropped. A line over the limit is reported
/// once, as soon as it is known, and once more where it ends; what lies between is thrown away.
///
/// Ranges count from the framer's buffer and hold until the next `fill` or `feed`.
public struct LineFramer: ~Copyable {
  public enum Frame: Equatable, Sendable {
    case line(Range<Int>)
    /// A line over the limit, and its beginning, which is as long as the limit.
    case overflow(head: Range<Int>)
    /// Where that line ended: the last bytes of it.
    case overflowEnd(tail: Range<Int>)
  }

  private let limit: Int
  private var buffer: LineMemory
  /// What is not yet given out: from `start` to `end`; up to `searched` there is no newline.
  private var start = 0
  private var searched = 0
  private var end = 0
  private var isDiscarding = false

  /// The size to which the buffer returns, and the least room it offers to a read.
  private static let usualSize = 64 << 10
  private static let room = 16 << 10
  /// Bytes that are kept of the end of a line over the limit: room for its id and what surrounds it.
  private static let tail = 2 << 10
  /// Up to this the buffer grows step by step.
  private static let largeSize = 2 << 20

  /// `limit` is the length of the longest line, without its end.
  public init(limit: Int) {
    self.limit = limit
    buffer = LineMemory(count: Self.usualSize)
  }

  /// Bytes received that belong to no finished line yet.
  public var pendingCount: Int { end - start }

  /// Whether there is more memory than short lines need.
  public var isLarge: Bool { buffer.count > Self.usualSize }

  /// Gives back what only a long line needed, unless one is still there.
  ///
  /// To be called once no long line has come for a while: fresh memory for each of several costs more
  /// than reading them.
  public mutating func shrink() {
    guard isLarge, start == end else { return }
    start = 0
    searched = 0
    end = 0
    buffer = LineMemory(count: Self.usualSize)
  }

  /// Whether a line over the limit is being thrown away.
  public var isSkipping: Bool { isDiscarding }

  /// Lends free space to a read, which says how much of it was filled.
  @discardableResult
  public mutating func fill<Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    makeRoom()
    // The space is lent for the call alone; `self` keeps the memory.
    let filled = try unsafe body(buffer.writable(end..<buffer.count))
    let count = max(0, min(filled, buffer.count - end))
    end += count
    return count
  }

  /// Takes bytes that were read elsewhere.
  public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      let count = unsafe fill { space in
        let count = unsafe min(space.count, rest.count)
        // Both hold at least `count` bytes, and they are different memory.
        unsafe space.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
        return count
      }
      unsafe rest = rest.dropFirst(count)
    }
  }

  public mutating func feed(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes { unsafe feed($0) }
  }

  /// The next finished line or overflow; nil when more bytes are needed.
  public mutating func next() -> Frame? {
    guard let newline = findNewline() else {
      searched = end
      if isDiscarding {
        keepTail(of: start..<end)
      } else if end - start > limit + 1 {
        isDiscarding = true
        let head = start..<(start + limit)
        keepTail(of: start..<end)
        return .overflow(head: head)
      }
      return nil
    }
    if isDiscarding {
      keepTail(of: start..<newline)
      isDiscarding = false
      let tail = start..<newline
      start = newline + 1
      searched = start
      return .overflowEnd(tail: tail)
    }
    let line = start..<newline
    if let overflow = overflow(line) { return overflow }
    start = newline + 1
    searched = start
    return .line(withoutReturn(line))
  }

  /// At the stream's end: what came after the last newline, nil when there is nothing (more).
  public mutating func finish() -> Frame? {
    let rest = start..<end
    if !isDiscarding, let overflow = overflow(rest) { return overflow }
    start = end
    searched = end
    if isDiscarding {
      isDiscarding = false
      return .overflowEnd(tail: rest)
    }
    return rest.isEmpty ? nil : .line(withoutReturn(rest))
  }

  /// Lends the bytes of a range that `next` gave.
  public func withBytes<Value, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    try unsafe body(buffer.bytes(range))
  }

  /// A line that `next` gave and its newline; nil where that does not stand right behind it.
  public func withNewline(_ line: Range<Int>) -> Range<Int>? {
    guard line.upperBound < end, unsafe buffer.bytes(line.upperBound..<end).first == 0x0A else {
      return nil
    }
    return line.lowerBound..<(line.upperBound + 1)
  }

  /// A copy of the bytes of a range that `next` gave.
  public func bytes(_ range: Range<Int>) -> [UInt8] {
    unsafe Array(buffer.bytes(range))
  }

  private func withoutReturn(_ line: Range<Int>) -> Range<Int> {
    guard unsafe buffer.bytes(line).last == 0x0D else { return line }
    return line.lowerBound..<(line.upperBound - 1)
  }

  /// Begins to discard a line that is over the limit; its end comes next.
  private mutating func overflow(_ line: Range<Int>) -> Frame? {
    guard withoutReturn(line).count > limit else { return nil }
    isDiscarding = true
    keepTail(of: line)
    searched = line.upperBound
    return .overflow(head: line.lowerBound..<(line.lowerBound + limit))
  }

  private mutating func keepTail(of line: Range<Int>) {
    start = max(line.lowerBound, line.upperBound - Self.tail)
  }

  private func findNewline() -> Int? {
    guard searched < end else { return nil }
    let unsearched = unsafe buffer.bytes(searched..<end)
    guard let base = unsearched.baseAddress,
      let found = unsafe memchr(base, 0x0A, unsearched.count)
    else { return nil }
    return unsafe searched + (UnsafeRawPointer(found) - base)
  }

  private mutating func makeRoom() {
    if start == end {
      start = 0
      searched = 0
      end = 0
    }
    guard buffer.count - end < Self.room else { return }
    let live = end - start
    if buffer.count - live >= max(Self.room, buffer.count / 2) {
      buffer.moveToFront(start..<end)
    } else {
      // A line that is long already may become as long as the limit.
      let most = limit + 2 * Self.room
      let size = buffer.count < Self.largeSize ? min(buffer.count * 4, Self.largeSize, most) : most
      let larger = LineMemory(count: max(size, live + Self.room))
      larger.copy(start..<end, of: buffer)
      buffer = larger
    }
    searched -= start
    start = 0
    end = live
  }
}
