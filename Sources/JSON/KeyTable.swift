/// The keys of all objects that are open, to find one that an object has twice.
///
/// A few keys are compared one by one as they come. An object with more of them is sorted when it
/// closes: no choice of keys makes that worse than n log n, so no secret hash is needed.
struct KeyTable {
  private struct Entry {
    var hash: UInt32
    var length: UInt32
    /// Where the key stands in the source.
    var position: UInt32
    /// Where its resolved form stands: in the source, or in the arena when it was written with escapes.
    var start: UInt32
    var isResolved: Bool
  }

  private var entries: [Entry] = []
  private var arena: [UInt8] = []
  private static let few = 12

  var count: Int { entries.count }

  /// Adds a key to the object whose first key has the index `first`; false when it is there already.
  @inline(__always)
  mutating func insert(
    _ body: Range<Int>, hasEscapes: Bool, first: Int, _ bytes: ByteView
  ) -> Bool {
    let entry: Entry
    if hasEscapes {
      entry = resolve(body, bytes)
    } else {
      entry = Entry(
        hash: Self.hash(body, bytes), length: UInt32(truncatingIfNeeded: body.count),
        position: UInt32(truncatingIfNeeded: body.lowerBound),
        start: UInt32(truncatingIfNeeded: body.lowerBound), isResolved: false)
    }
    if entries.count &- first < Self.few {
      for index in first..<entries.count {
        let other = entries[index]
        if other.hash == entry.hash, compare(other, entry, bytes) == 0 { return false }
      }
    }
    if entries.isEmpty { entries.reserveCapacity(24) }
    entries.append(entry)
    return true
  }

  /// Forgets the keys from `first` on; returns the offset of one that repeats an earlier one.
  mutating func close(first: Int, _ bytes: ByteView) -> Int? {
    var repeated: UInt32?
    if entries.count &- first > Self.few {
      let sorted = entries[first...].sorted { compare($0, $1, bytes) < 0 }
      for (one, next) in zip(sorted, sorted.dropFirst()) where compare(one, next, bytes) == 0 {
        let position = max(one.position, next.position)
        repeated = min(repeated ?? position, position)
      }
    }
    entries.removeLast(entries.count &- first)
    return repeated.map { Int($0) }
  }

  private mutating func resolve(_ body: Range<Int>, _ bytes: ByteView) -> Entry {
    let start = arena.count
    bytes.unescape(body, into: &arena)
    var hash = Self.seed
    for byte in arena[start...] { hash = Self.mix(hash, UInt64(byte)) }
    return Entry(
      hash: Self.fold(hash), length: UInt32(truncatingIfNeeded: arena.count &- start),
      position: UInt32(truncatingIfNeeded: body.lowerBound),
      start: UInt32(truncatingIfNeeded: start), isResolved: true)
  }

  /// Any total order will do: hash, length, bytes.
  private func compare(_ left: Entry, _ right: Entry, _ bytes: ByteView) -> Int {
    if left.hash != right.hash { return left.hash < right.hash ? -1 : 1 }
    if left.length != right.length { return left.length < right.length ? -1 : 1 }
    for index in 0..<Int(left.length) {
      let one = left.isResolved ? arena[Int(left.start) &+ index] : bytes[Int(left.start) &+ index]
      let two =
        right.isResolved ? arena[Int(right.start) &+ index] : bytes[Int(right.start) &+ index]
      if one != two { return one < two ? -1 : 1 }
    }
    return 0
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  private static func mix(_ hash: UInt64, _ byte: UInt64) -> UInt64 {
    (hash ^ byte) &* 0x0000_0100_0000_01B3
  }

  @inline(__always)
  private static func fold(_ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
  }

  @inline(__always)
  private static func hash(_ body: Range<Int>, _ bytes: ByteView) -> UInt32 {
    var hash = seed
    for offset in body { hash = mix(hash, UInt64(bytes[offset])) }
    return fold(hash)
  }
}
