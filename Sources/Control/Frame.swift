/// The wire form between Cordon's own processes: a 32-bit little-endian length, then that many
/// bytes, the first of which is the frame's type.
///
/// The other end may be taken over by an attacker, so reading is bounded and every field is
/// checked; nothing here trusts a length.
public enum FrameError: Error, Equatable, Sendable {
  /// The frame is longer than the reader allows.
  case tooLong(Int)
  /// A field runs past the frame's end.
  case truncated
  /// Bytes are left over behind the last field.
  case trailingBytes
  /// A type, enumeration or text that this protocol does not have.
  case invalid(String)
}

/// Builds one frame, field by field.
public struct FrameWriter: Sendable {
  private(set) var bytes: [UInt8]

  public init(type: UInt8) {
    bytes = [0, 0, 0, 0, type]
  }

  public mutating func append(_ value: UInt64) {
    // The number's own bytes, lent for the call.
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  public mutating func append(_ value: Int64) { append(UInt64(bitPattern: value)) }
  public mutating func append(_ value: Int) { append(Int64(value)) }
  public mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }
  public mutating func append(_ value: String) { append(Array(value.utf8)) }

  public mutating func append(_ value: [UInt8]) {
    append(value.count)
    bytes.append(contentsOf: value)
  }

  public mutating func append<Element>(
    _ values: [Element], _ each: (inout FrameWriter, Element) -> Void
  ) {
    append(values.count)
    for value in values { each(&self, value) }
  }

  /// The whole frame, with its length.
  public consuming func finished() -> [UInt8] {
    let length = UInt32(bytes.count - 4)
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
    return bytes
  }
}

/// Takes one frame apart.
public struct FrameFields: Sendable {
  public let type: UInt8
  private var rest: ArraySlice<UInt8>

  init(_ frame: ArraySlice<UInt8>) throws(FrameError) {
    guard let first = frame.first else { throw .truncated }
    type = first
    rest = frame.dropFirst()
  }

  public mutating func integer() throws(FrameError) -> UInt64 {
    guard rest.count >= 8 else { throw .truncated }
    var value: UInt64 = 0
    for offset in 0..<8 {
      value |= UInt64(rest[rest.startIndex + offset]) << UInt64(8 * offset)
    }
    rest = rest.dropFirst(8)
    return value
  }

  public mutating func signed() throws(FrameError) -> Int64 {
    Int64(bitPattern: try integer())
  }

  /// An errno, a signal, a status: what the kernel has as an `int`.
  public mutating func small() throws(FrameError) -> Int32 {
    guard let value = Int32(exactly: try signed()) else { throw .invalid("number") }
    return value
  }

  public mutating func boolean() throws(FrameError) -> Bool {
    guard let byte = rest.popFirst() else { throw .truncated }
    guard byte < 2 else { throw .invalid("boolean") }
    return byte == 1
  }

  public mutating func bytes() throws(FrameError) -> [UInt8] {
    let count = try count()
    guard count <= rest.count else { throw .truncated }
    let value = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return value
  }

  /// - Throws: `invalid` for what is not UTF-8.
  public mutating func text() throws(FrameError) -> String {
    let bytes = try bytes()
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalid("text") }
    return text
  }

  public mutating func list<Element>(
    _ each: (inout FrameFields) throws(FrameError) -> Element
  ) throws(FrameError) -> [Element] {
    let count = try count()
    // An element takes a byte at least: a count beyond that is a lie that must not allocate.
    guard count <= rest.count else { throw .truncated }
    var values: [Element] = []
    for _ in 0..<count { values.append(try each(&self)) }
    return values
  }

  /// A list of one element, or of none.
  public mutating func atMostOne<Element>(
    _ each: (inout FrameFields) throws(FrameError) -> Element
  ) throws(FrameError) -> Element? {
    let values = try list(each)
    guard values.count <= 1 else { throw .invalid("more than one") }
    return values.first
  }

  /// Call after the last field: a longer frame than its type has is a different protocol.
  public func end() throws(FrameError) {
    guard rest.isEmpty else { throw .trailingBytes }
  }

  private mutating func count() throws(FrameError) -> Int {
    guard let count = Int(exactly: try integer()) else { throw .truncated }
    return count
  }
}

/// Collects received bytes into frames.
public struct FrameReader: Sendable {
  private var buffer: [UInt8] = []
  /// Where the next frame begins: thousands of small ones come at once, and each would move the rest.
  private var head = 0
  private let limit: Int

  /// - Parameter limit: the longest frame that is accepted, in bytes.
  public init(limit: Int) {
    self.limit = limit
  }

  public mutating func feed(_ bytes: some Sequence<UInt8>) {
    if head > 0 {
      buffer.removeFirst(head)
      head = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// Whether `next` would give a frame, or an error.
  public var hasFrame: Bool {
    guard let length else { return false }
    return length > limit || buffer.count - head >= 4 + length
  }

  /// The next complete frame, or nil where more bytes are needed.
  public mutating func next() throws(FrameError) -> FrameFields? {
    guard let length else { return nil }
    guard length <= limit else { throw .tooLong(length) }
    guard buffer.count - head >= 4 + length else { return nil }
    let fields = try FrameFields(Array(buffer[(head + 4)..<(head + 4 + length)])[...])
    head += 4 + length
    return fields
  }

  private var length: Int? {
    guard buffer.count - head >= 4 else { return nil }
    return (0..<4).reduce(0) { $0 | Int(buffer[head + $1]) << (8 * $1) }
  }
}
