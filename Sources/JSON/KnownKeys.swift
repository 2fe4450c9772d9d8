/// The first keys of a document that are short, each with a number below 64.
///
/// Tool results repeat few keys in much the same order: what came behind a key the last time is
/// guessed first, and a guess costs one comparison. Every key that has a number is found under it, so
/// that two keys are the same if their numbers are.
struct KnownKeys: ~Copyable {
  private struct Known: BitwiseCopyable {
    let entry: KeyTable.Entry
    /// The key's first bytes and, where that is within them, the quote behind it; 0 for a key that
    /// is never guessed. No key that was read strictly begins with NUL.
    let word: UInt64
    /// The bits of a word that are behind these.
    let rest: UInt64
    /// The number that followed this one the last time.
    var follower = 0
  }

  private var keys = OwnedArray<Known>()
  /// Numbers by hash, open addressing; `free` where there is none.
  private var slots = InlineArray<128, UInt8>(repeating: KnownKeys.free)
  private var last = 0
  /// The follower of the last key.
  private var expected = 0

  private static let most = 64
  private static let free = UInt8.max
  /// Longer keys have no number: comparing with all that share a hash stays cheap.
  static let longest: UInt32 = 64

  /// The number of the key that begins at `start`, if it is the one that was to be expected.
  ///
  /// Both are compared together with the quote behind them. What is the same as a key that was read
  /// strictly is as valid as that one.
  @inline(__always)
  func guess(_ start: Int, _ bytes: ByteView) -> (number: Int, length: Int)? {
    guard expected < keys.count, start &+ 8 <= bytes.count else { return nil }
    let known = keys[expected]
    guard known.word != 0, (bytes.word(at: start) ^ known.word) &<< known.rest == 0 else {
      return nil
    }
    let length = Int(known.entry.length)
    guard length < 8 || isSame(start, known.entry, bytes) else { return nil }
    return (expected, length)
  }

  @inline(never)
  private func isSame(_ start: Int, _ entry: KeyTable.Entry, _ bytes: ByteView) -> Bool {
    let length = Int(entry.length)
    return entry.resolved == KeyTable.Entry.inSource && start &+ length < bytes.count
      && bytes.compare(at: start, with: bytes, at: Int(entry.position), count: length &+ 1) == 0
  }

  /// Notes which key came.
  @inline(__always)
  mutating func follow(_ number: Int) {
    last = number
    expected = keys[number].follower
  }

  /// The number of a key, which it gets if there is one left.
  @inline(never)
  mutating func number(
    of entry: KeyTable.Entry, _ bytes: ByteView,
    _ isSame: (KeyTable.Entry, KeyTable.Entry) -> Bool
  ) -> Int? {
    guard entry.length <= Self.longest else { return nil }
    var slot = Int(entry.hash >> 25)
    while slots[slot] != Self.free {
      let number = Int(slots[slot])
      let known = keys[number].entry
      if known.hash == entry.hash, isSame(known, entry) {
        keys[last].follower = number
        return number
      }
      slot = (slot &+ 1) & 127
    }
    let number = keys.count
    guard number < Self.most else { return nil }
    keys.append(Self.known(entry, bytes))
    slots[slot] = UInt8(truncatingIfNeeded: number)
    keys[last].follower = number
    return number
  }

  private static func known(_ entry: KeyTable.Entry, _ bytes: ByteView) -> Known {
    let position = Int(entry.position)
    let length = Int(entry.length)
    guard entry.resolved == KeyTable.Entry.inSource, position &+ 8 <= bytes.count else {
      return Known(entry: entry, word: 0, rest: 0)
    }
    return Known(
      entry: entry, word: bytes.word(at: position), rest: UInt64(max(0, 56 - 8 * length)))
  }
}
