/// The keys of all objects that are open, to find one that an object has twice.
///
/// The keys of the innermost open object come last; an entry of its own before them remembers where
/// those of the object around it begin.
///
/// A few keys are compared one by one as they come. An object with more of them is sorted when it
/// closes: no choice of keys makes that worse than n log n, so no secret hash is needed.
struct KeyTable {
  private struct Entry {
    let hash: UInt32
    let length: UInt32
    /// Where the key stands in the source.
    let position: UInt32
    /// Where its resolved form stands in the arena; `inSource` when it was written without escapes.
    let resolved: UInt32

    static var inSource: UInt32 { .max }
  }

  /// Of these, `count` are in use.
  private var entries: [Entry] = []
  private var arena: [UInt8] = []
  private var count = 0
  /// The index of the innermost open object's first key.
  private var first = 0
  private static let few = 12

  @inline(__always)
  mutating func openObject() {
    append(
      Entry(
        hash: 0, length: 0, position: UInt32(truncatingIfNeeded: first), resolved: Entry.inSource))
    first = count
  }

  /// Adds a key to the innermost open object; false when it is there already.
  @inline(__always)
  mutating func insert(_ body: Range<Int>, hasEscapes: Bool, _ bytes: ByteView) -> Bool {
    let entry =
      hasEscapes
      ? resolve(body, bytes)
      : Entry(
        hash: bytes.hash(body), length: UInt32(truncatingIfNeeded: body.count),
        position: UInt32(truncatingIfNeeded: body.lowerBound), resolved: Entry.inSource)
    if count &- first < Self.few {
      for index in first..<count where entries[index].hash == entry.hash {
        if compare(entries[index], entry, bytes) == 0 { return false }
      }
    }
    append(entry)
    return true
  }

  /// Forgets the innermost object's keys; returns the offset of one that repeats an earlier one.
  @inline(__always)
  mutating func closeObject(_ bytes: ByteView) -> Int? {
    let offset = count &- first > Self.few ? repeated(bytes) : nil
    count = first &- 1
    first = Int(entries[count].position)
    return offset
  }

  @inline(__always)
  private mutating func append(_ entry: Entry) {
    if count < entries.count {
      entries[count] = entry
    } else {
      if count == 0 { entries.reserveCapacity(16) }
      entries.append(entry)
    }
    count &+= 1
  }

  private func repeated(_ bytes: ByteView) -> Int? {
    var repeated: UInt32?
    let sorted = entries[first..<count].sorted { compare($0, $1, bytes) < 0 }
    for (one, next) in zip(sorted, sorted.dropFirst()) where compare(one, next, bytes) == 0 {
      let position = max(one.position, next.position)
      repeated = min(repeated ?? position, position)
    }
    return repeated.map { Int($0) }
  }

  private mutating func resolve(_ body: Range<Int>, _ bytes: ByteView) -> Entry {
    let start = arena.count
    bytes.unescape(body, into: &arena)
    let hash = unsafe arena.withUnsafeBytes { unsafe ByteView($0).hash(start..<$0.count) }
    return Entry(
      hash: hash, length: UInt32(truncatingIfNeeded: arena.count &- start),
      position: UInt32(truncatingIfNeeded: body.lowerBound),
      resolved: UInt32(truncatingIfNeeded: start))
  }

  /// Any total order will do: hash, length, bytes.
  @inline(never)
  private func compare(_ left: Entry, _ right: Entry, _ bytes: ByteView) -> Int {
    if left.hash != right.hash { return left.hash < right.hash ? -1 : 1 }
    if left.length != right.length { return left.length < right.length ? -1 : 1 }
    return unsafe arena.withUnsafeBytes { buffer in
      let arena = unsafe ByteView(buffer)
      let (leftView, leftStart) =
        left.resolved == Entry.inSource ? (bytes, left.position) : (arena, left.resolved)
      let (rightView, rightStart) =
        right.resolved == Entry.inSource ? (bytes, right.position) : (arena, right.resolved)
      return leftView.compare(
        at: Int(leftStart), with: rightView, at: Int(rightStart), count: Int(left.length))
    }
  }
}

extension ByteView {
  /// A quick hash that an attacker may well defeat: `KeyTable` stays cheap without it.
  @inline(__always)
  func hash(_ range: Range<Int>) -> UInt32 {
    var hash = UInt64(truncatingIfNeeded: range.count) &* 0x9E37_79B9_7F4A_7C15
    var at = range.lowerBound
    while at &+ 8 <= range.upperBound {
      hash = Self.mix(hash, word(at: at))
      at &+= 8
    }
    let rest = range.upperBound &- at
    if rest > 0 {
      var tail: UInt64 = 0
      if at &+ 8 <= count {
        tail = word(at: at) & (UInt64.max >> UInt64(64 &- 8 &* rest))
      } else {
        for index in (0..<rest).reversed() { tail = tail << 8 | UInt64(self[at &+ index]) }
      }
      hash = Self.mix(hash, tail)
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }

  /// Below, equal to or above 0, by an order of eight bytes at a time.
  func compare(at start: Int, with other: ByteView, at otherStart: Int, count: Int) -> Int {
    var offset = 0
    while offset &+ 8 <= count {
      let one = word(at: start &+ offset)
      let two = other.word(at: otherStart &+ offset)
      if one != two { return one < two ? -1 : 1 }
      offset &+= 8
    }
    while offset < count {
      let one = self[start &+ offset]
      let two = other[otherStart &+ offset]
      if one != two { return one < two ? -1 : 1 }
      offset &+= 1
    }
    return 0
  }

  @inline(__always)
  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ (mixed >> 32)
  }
}
