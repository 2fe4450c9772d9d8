/// A document's values in its order, as places in its bytes: what the canonical form needs, at a
/// fraction of a tree's cost.
struct JSONTape: ~Copyable {
  /// A value, or the key before one.
  struct Entry: BitwiseCopyable {
    /// A string's and a key's body without quotes, everything else whole.
    let start: UInt32
    var end: UInt32
    /// The index of the entry behind this value and all that is in it.
    var next: UInt32
    let kind: Kind
    let hasEscapes: Bool

    @inline(__always)
    var range: Range<Int> { Int(start)..<Int(end) }
  }

  enum Kind: UInt8, BitwiseCopyable {
    case key, string, number, word, array, object
  }

  private var entries = OwnedArray<Entry>()

  var count: Int { entries.count }

  @inline(__always)
  subscript(_ index: Int) -> Entry { entries[index] }

  /// What the root is.
  func kind(_ bytes: ByteView) -> JSONKind {
    switch entries[0].kind {
    case .key, .string: .string
    case .number: .number
    case .word: bytes[Int(entries[0].start)] == UInt8(ascii: "n") ? .null : .bool
    case .array: .array
    case .object: .object
    }
  }

  mutating func clear() { entries.removeAll() }

  @inline(__always)
  mutating func add(_ kind: Kind, _ range: Range<Int>, hasEscapes: Bool = false) {
    entries.append(
      Entry(
        start: UInt32(truncatingIfNeeded: range.lowerBound),
        end: UInt32(truncatingIfNeeded: range.upperBound),
        next: UInt32(truncatingIfNeeded: entries.count &+ 1), kind: kind, hasEscapes: hasEscapes))
  }

  /// Ends the container at `index`, whose entries are all there.
  @inline(__always)
  mutating func end(_ index: Int, at end: Int) {
    var entry = entries[index]
    entry.end = UInt32(truncatingIfNeeded: end)
    entry.next = UInt32(truncatingIfNeeded: entries.count)
    entries[index] = entry
  }
}

/// Writes the tape from the scan.
struct TapeSink: ScanSink, ~Copyable {
  private var tape: JSONTape
  private var open = OwnedArray<Int>()
  private var remaining: Int

  /// - Parameter tape: an empty one.
  init(_ tape: consuming JSONTape, _ limits: JSONLimits) {
    self.tape = tape
    remaining = limits.values
  }

  /// Gives the tape out, once the scan is over.
  mutating func exchange(tape other: inout JSONTape) { swap(&tape, &other) }

  @inline(__always)
  mutating func key(_ body: Range<Int>, hasEscapes: Bool) {
    tape.add(.key, body, hasEscapes: hasEscapes)
  }

  @inline(__always)
  mutating func string(_ body: Range<Int>, hasEscapes: Bool) throws(JSONError) {
    try count(at: body.lowerBound &- 1)
    tape.add(.string, body, hasEscapes: hasEscapes)
  }

  @inline(__always)
  mutating func literal(_ kind: JSONKind, _ range: Range<Int>) throws(JSONError) {
    try count(at: range.lowerBound)
    tape.add(kind == .number ? .number : .word, range)
  }

  @inline(__always)
  mutating func open(_ kind: JSONKind, at offset: Int) {
    open.append(tape.count)
    tape.add(kind == .object ? .object : .array, offset..<offset)
  }

  @inline(__always)
  mutating func close(_ kind: JSONKind, end: Int) throws(JSONError) {
    let index = open.cut(to: open.count &- 1)
    try count(at: Int(tape[index].start))
    tape.end(index, at: end)
  }

  /// As many values as a tree may have, and counted as one counts them.
  @inline(__always)
  private mutating func count(at offset: Int) throws(JSONError) {
    guard remaining > 0 else { throw JSONError(.tooManyValues, at: offset) }
    remaining &-= 1
  }
}
