import Glibc

/// Cuts a stream into lines, in bounded memory and looking at each byte once.
///
/// A newline ends a line; one carriage return before it is dropped. A line over the limit is reported
/// once, as soon as it is known, and the rest of it thrown away up to the next newline.
///
/// Ranges count from the framer's buffer and hold until the next `fill` or `feed`.
public struct LineFramer: Sendable {
  public enum Frame: Equatable, Sendable {
    case line(Range<Int>)
    /// A line over the limit, and its beginning, which is as long as the limit.
    case overflow(head: Range<Int>)
  }

  private let limit: Int
  private var buffer: [UInt8]
  /// What is not yet given out: from `start` to `end`; up to `searched` there is no newline.
  private var start = 0
  private var searched = 0
  private var end = 0
  private var isDiscarding = false

  /// The size to which the buffer returns, and the least room it offers to a read.
  private static let usualSize = 64 << 10
  private static let room = 16 << 10
  /// Once empty, a buffer larger than this is given back.
  private static let largeSize = 256 << 10

  /// `limit` is the length of the longest line, without its end.
  public init(limit: Int) {
    self.limit = limit
    buffer = [UInt8](repeating: 0, count: Self.usualSize)
  }

  /// Bytes received that belong to no finished line yet.
  public var pendingCount: Int { end - start }

  /// Whether a line over the limit is being thrown away.
  public var isSkipping: Bool { isDiscarding }

  /// Lends free space to a read, which says how much of it was filled.
  @discardableResult
  public mutating func fill<Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    makeRoom()
    let end = end
    let result: Result<Int, Failure> = unsafe buffer.withUnsafeMutableBytes { bytes in
      do throws(Failure) {
        // In bounds: `end` never exceeds the buffer's count.
        return .success(
          try unsafe body(UnsafeMutableRawBufferPointer(rebasing: bytes[end...])))
      } catch {
        return .failure(error)
      }
    }
    let count = max(0, min(try result.get(), buffer.count - end))
    self.end += count
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
    while true {
      guard let newline = findNewline() else {
        searched = end
        if isDiscarding {
          start = end
        } else if end - start > limit + 1 {
          isDiscarding = true
          defer { start = end }
          return .overflow(head: start..<(start + limit))
        }
        return nil
      }
      let line = start..<newline
      start = newline + 1
      searched = start
      if isDiscarding {
        isDiscarding = false
        continue
      }
      return frame(line)
    }
  }

  /// At the stream's end: what came after the last newline, nil when nothing did.
  public mutating func finish() -> Frame? {
    let rest = start..<end
    start = end
    searched = end
    let wasDiscarding = isDiscarding
    isDiscarding = false
    return rest.isEmpty || wasDiscarding ? nil : frame(rest)
  }

  /// Lends the bytes of a range that `next` gave.
  public func withBytes<Value, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let result: Result<Value, Failure> = unsafe buffer.withUnsafeBytes { bytes in
      do throws(Failure) {
        return .success(try unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range])))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// A copy of the bytes of a range that `next` gave.
  public func bytes(_ range: Range<Int>) -> [UInt8] {
    Array(buffer[range])
  }

  private func frame(_ line: Range<Int>) -> Frame {
    var line = line
    if let last = line.last, buffer[last] == 0x0D { line = line.lowerBound..<last }
    guard line.count <= limit else {
      return .overflow(head: line.lowerBound..<(line.lowerBound + limit))
    }
    return .line(line)
  }

  private func findNewline() -> Int? {
    guard searched < end else { return nil }
    return unsafe buffer.withUnsafeBytes { bytes -> Int? in
      // In bounds: searched < end <= count.
      guard let base = bytes.baseAddress,
        let found = unsafe memchr(base + searched, 0x0A, end - searched)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  private mutating func makeRoom() {
    if start == end {
      start = 0
      searched = 0
      end = 0
      if buffer.count > Self.largeSize {
        buffer = [UInt8](repeating: 0, count: Self.usualSize)
      }
    }
    guard buffer.count - end < Self.room else { return }
    let live = end - start
    if buffer.count - live >= max(Self.room, buffer.count / 2) {
      unsafe buffer.withUnsafeMutableBytes { bytes in
        // Both ranges are within the buffer; they may overlap, hence memmove.
        guard let base = bytes.baseAddress else { return }
        _ = unsafe memmove(base, base + start, live)
      }
    } else {
      let size = max(min(buffer.count * 2, limit + 2 * Self.room), live + Self.room)
      var larger = [UInt8](repeating: 0, count: size)
      larger.replaceSubrange(0..<live, with: buffer[start..<end])
      buffer = larger
    }
    searched -= start
    start = 0
    end = live
  }
}
