/// The keys of all objects that are open, to find one that an object has twice.
///
/// Known keys have numbers, and an object a set of them. The others are kept one by one: those of the
/// innermost open object come last, and an entry of its own before them remembers what is to be known
/// of the object around it. A few are compared as they come. An object with more of them is sorted
/// when it closes: no choice of keys makes that worse than n log n, so no secret hash is needed.
struct KeyTable: ~Copyable {
  struct Entry: BitwiseCopyable {
    let hash: UInt32
    let length: UInt32
    /// Where the key stands in the source.
    let position: UInt32
    /// Where its resolved form stands in the arena; `inSource` when it was written without escapes.
    let resolved: UInt32

    static var inSource: UInt32 { .max }
  }

  private var known = KnownKeys()
  private var entries = OwnedArray<Entry>()
  private var arena: [UInt8] = []
  /// The index of the innermost open object's first entry.
  private var first = 0
  /// The numbers of that object's known keys.
  private var seen: UInt64 = 0
  private static let few = 16

  @inline(__always)
  mutating func openObject() {
    entries.append(
      Entry(
        hash: UInt32(truncatingIfNeeded: seen), length: UInt32(truncatingIfNeeded: seen >> 32),
        position: UInt32(truncatingIfNeeded: first), resolved: Entry.inSource))
    first = entries.count
    seen = 0
  }

  /// Where the key ends that begins at `start`, if it is the one that was to be expected; nil where it
  /// has to be read.
  @inline(__always)
  mutating func guess(_ start: Int, _ bytes: ByteView) -> (end: Int, isNew: Bool)? {
    guard let (number, length) = known.guess(start, bytes) else { return nil }
    return (start &+ length, add(number))
  }

  /// Adds a key to the innermost open object; false when it is there already.
  @inline(never)
  mutating func insert(_ body: Range<Int>, hasEscapes: Bool, _ bytes: ByteView) -> Bool {
    let entry =
      hasEscapes
      ? resolve(body, bytes)
      : Entry(
        hash: bytes.hash(body),
        length: UInt32(truncatingIfNeeded: body.upperBound &- body.lowerBound),
        position: UInt32(truncatingIfNeeded: body.lowerBound), resolved: Entry.inSource)
    let arena = arena
    if let number = known.number(of: entry, bytes, { Self.compare($0, $1, bytes, arena) == 0 }) {
      return add(number)
    }
    if entries.count &- first < Self.few {
      for index in first..<entries.count where entries[index].hash == entry.hash {
        if Self.compare(entries[index], entry, bytes, arena) == 0 { return false }
      }
    }
    entries.append(entry)
    return true
  }

  @inline(__always)
  private mutating func add(_ number: Int) -> Bool {
    known.follow(number)
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: number)
    guard seen & bit == 0 else { return false }
    seen |= bit
    return true
  }

  /// Forgets the innermost object's keys; returns the offset of one that repeats an earlier one.
  @inline(__always)
  mutating func closeObject(_ bytes: ByteView) -> Int? {
    let offset = entries.count &- first > Self.few ? repeated(bytes) : nil
    let outer = entries.cut(to: first &- 1)
    first = Int(outer.position)
    seen = UInt64(outer.hash) | UInt64(outer.length) << 32
    return offset
  }

  /// Sorts by hash alone, in numbers that carry the entry's index along; only what shares its hash is
  /// compared in full.
  @inline(never)
  private func repeated(_ bytes: ByteView) -> Int? {
    var order: [UInt64] = []
    order.reserveCapacity(entries.count &- first)
    for index in first..<entries.count {
      order.append(UInt64(entries[index].hash) << 32 | UInt64(index))
    }
    order = Self.sortedByHash(order)
    var repeated: UInt32?
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end] >> 32 == order[start] >> 32 { end += 1 }
      if end - start > 1 {
        let alike = order[start..<end].map { entries[Int($0 & 0xFFFF_FFFF)] }
          .sorted { Self.compare($0, $1, bytes, arena) < 0 }
        for (one, next) in zip(alike, alike.dropFirst())
        where Self.compare(one, next, bytes, arena) == 0 {
          let position = max(one.position, next.position)
          repeated = min(repeated ?? position, position)
        }
      }
      start = end
    }
    return repeated.map { Int($0) }
  }

  /// Digit by digit where there are many: a large map's keys are then sorted in less time than they
  /// took to read.
  private static func sortedByHash(_ order: [UInt64]) -> [UInt64] {
    guard order.count > 1024 else { return order.sorted() }
    var from = order
    var to = order
    for shift: UInt64 in [32, 43, 54] {
      var places = [Int](repeating: 0, count: 2048)
      for entry in from { places[Int(entry >> shift & 2047)] += 1 }
      var sum = 0
      for digit in places.indices { (places[digit], sum) = (sum, sum + places[digit]) }
      for entry in from {
        let digit = Int(entry >> shift & 2047)
        to[places[digit]] = entry
        places[digit] += 1
      }
      swap(&from, &to)
    }
    return from
  }

  @inline(never)
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
  private static func compare(
    _ left: Entry, _ right: Entry, _ bytes: ByteView, _ arena: [UInt8]
  ) -> Int {
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
    let length = UInt64(truncatingIfNeeded: range.upperBound &- range.lowerBound)
    // Most keys fit into one word, in which what stands behind them is shifted out.
    guard length &- 1 < 8, range.lowerBound &+ 8 <= count else { return longHash(range) }
    let word = word(at: range.lowerBound) &<< (64 &- 8 &* length)
    return UInt32(truncatingIfNeeded: Self.mix(length, word) >> 32)
  }

  @inline(never)
  private func longHash(_ range: Range<Int>) -> UInt32 {
    var at = range.lowerBound
    var hash = UInt64(truncatingIfNeeded: range.upperBound &- at)
    while at &+ 8 <= range.upperBound {
      hash = Self.mix(hash, word(at: at))
      at &+= 8
    }
    guard at < range.upperBound else { return UInt32(truncatingIfNeeded: hash >> 32) }
    var tail: UInt64 = 0
    if at &+ 8 <= count {
      tail = word(at: at) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* (range.upperBound &- at))
    } else {
      for offset in at..<range.upperBound { tail = tail >> 8 | UInt64(self[offset]) << 56 }
    }
    return UInt32(truncatingIfNeeded: Self.mix(hash, tail) >> 32)
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
