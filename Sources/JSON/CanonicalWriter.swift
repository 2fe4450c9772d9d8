/// Writes what a tape says of a document in canonical form. Each byte is written once, where it
/// belongs: only the order of an object's members is worked out before.
struct CanonicalWriter: ~Copyable {
  /// A member that waits for its turn.
  private struct Member: BitwiseCopyable {
    /// The first eight bytes of the key, as numbers that have the keys' order.
    let rank: UInt64
    let index: UInt32
  }

  private let bytes: ByteView
  private let numbers: JSONCanonical.Numbers
  private(set) var output = OwnedBytes()
  /// The members of the objects that are being written, the innermost's last.
  private var members = OwnedArray<Member>()

  /// More are sorted by the library, which needs an array of their own.
  private static let few = 24

  init(_ bytes: ByteView, _ numbers: JSONCanonical.Numbers) {
    self.bytes = bytes
    self.numbers = numbers
  }

  /// Writes the tape's root in the place of what was written before.
  ///
  /// - Parameter omitted: a member of the root that is left out where it is a count.
  mutating func write(_ tape: borrowing JSONTape, leavingOut omitted: JSONString?) {
    output.removeAll()
    members.removeAll()
    value(0, tape, leavingOut: omitted)
  }

  /// Recursion is bounded by the scanner's depth.
  private mutating func value(
    _ index: Int, _ tape: borrowing JSONTape, leavingOut omitted: JSONString? = nil
  ) {
    let entry = tape[index]
    switch entry.kind {
    case .key, .string: string(entry)
    case .number: number(entry.range)
    case .word: output.append(entry.range, of: bytes)
    case .array:
      output.append(Ascii.openBracket)
      var element = index &+ 1
      while element < Int(entry.next) {
        if element > index &+ 1 { output.append(Ascii.comma) }
        value(element, tape)
        element = Int(tape[element].next)
      }
      output.append(Ascii.closeBracket)
    case .object:
      object(index, tape, leavingOut: omitted)
    }
  }

  private mutating func object(
    _ index: Int, _ tape: borrowing JSONTape, leavingOut omitted: JSONString?
  ) {
    let first = members.count
    var key = index &+ 1
    let end = Int(tape[index].next)
    while key < end {
      let isOmitted =
        omitted.map { isCount(tape[key &+ 1]) && bytes.isKey(tape[key], $0) } ?? false
      if !isOmitted { insert(key, tape, above: first) }
      key = Int(tape[key &+ 1].next)
    }
    if members.count &- first > Self.few { sort(from: first, tape) }
    output.append(Ascii.openBrace)
    let last = members.count
    for place in first..<last {
      if place > first { output.append(Ascii.comma) }
      let key = Int(members[place].index)
      string(tape[key])
      output.append(Ascii.colon)
      value(key &+ 1, tape)
    }
    if last > first { _ = members.cut(to: first) }
    output.append(Ascii.closeBrace)
  }

  /// Whether a value is a number written in digits alone.
  private func isCount(_ entry: JSONTape.Entry) -> Bool {
    entry.kind == .number && entry.range.allSatisfy { (0x30...0x39).contains(bytes[$0]) }
  }

  /// Puts a member in its place among few; one of many just behind the others.
  @inline(__always)
  private mutating func insert(_ key: Int, _ tape: borrowing JSONTape, above first: Int) {
    let member = Member(
      rank: rank(tape[key]), index: UInt32(truncatingIfNeeded: key))
    members.append(member)
    guard members.count &- first <= Self.few else { return }
    var place = members.count &- 1
    while place > first, precedes(member, members[place &- 1], tape) {
      members[place] = members[place &- 1]
      place &-= 1
    }
    members[place] = member
  }

  private mutating func sort(from first: Int, _ tape: borrowing JSONTape) {
    let unsorted = (first..<members.count).map { members[$0] }
    for (place, member) in unsorted.sorted(by: { precedes($0, $1, tape) }).enumerated() {
      members[first &+ place] = member
    }
  }

  @inline(__always)
  private func precedes(
    _ left: Member, _ right: Member, _ tape: borrowing JSONTape
  ) -> Bool {
    if left.rank != right.rank { return left.rank < right.rank }
    return precedes(tape[Int(left.index)], tape[Int(right.index)])
  }

  /// Keys whose first eight bytes are the same.
  @inline(never)
  private func precedes(_ left: JSONTape.Entry, _ right: JSONTape.Entry) -> Bool {
    if left.hasEscapes || right.hasEscapes {
      return JSONCanonical.precedes(text(left), text(right))
    }
    var (one, two) = (left.range.lowerBound, right.range.lowerBound)
    while one < left.range.upperBound, two < right.range.upperBound {
      if bytes[one] != bytes[two] {
        return JSONCanonical.rank(bytes[one]) < JSONCanonical.rank(bytes[two])
      }
      one &+= 1
      two &+= 1
    }
    return left.range.count < right.range.count
  }

  private func text(_ key: JSONTape.Entry) -> JSONString {
    bytes.string(key.range, hasEscapes: key.hasEscapes)
  }

  /// What is shorter has zeros behind it: that those are no bytes of its own is seen by whoever finds
  /// two ranks alike.
  @inline(__always)
  private func rank(_ key: JSONTape.Entry) -> UInt64 {
    if key.hasEscapes {
      return unsafe text(key).utf8.withUnsafeBytes { buffer in
        unsafe Self.rank(ByteView(buffer), 0..<buffer.count)
      }
    }
    return Self.rank(bytes, key.range)
  }

  @inline(__always)
  private static func rank(_ bytes: ByteView, _ range: Range<Int>) -> UInt64 {
    var word: UInt64
    if range.lowerBound &+ 8 <= bytes.count {
      word = bytes.word(at: range.lowerBound).byteSwapped
      if range.count < 8 {
        word = range.isEmpty ? 0 : word & ~(UInt64.max &>> UInt64(8 &* range.count))
      }
    } else {
      word = 0
      for index in 0..<8 {
        word = word << 8 | UInt64(index < range.count ? bytes[range.lowerBound + index] : 0)
      }
    }
    // Only keys that are not ASCII can have the two bytes whose order is not their value's.
    guard word & 0x8080_8080_8080_8080 != 0 else { return word }
    var ranked: UInt64 = 0
    for shift: UInt64 in [56, 48, 40, 32, 24, 16, 8, 0] {
      ranked |= UInt64(JSONCanonical.rank(UInt8(truncatingIfNeeded: word >> shift))) << shift
    }
    return ranked
  }

  // MARK: Strings and numbers

  /// What stands without a backslash in strict JSON stands so in canonical form.
  @inline(__always)
  private mutating func string(_ entry: JSONTape.Entry) {
    if entry.hasEscapes {
      escapedString(entry.range)
    } else {
      // With its quotes.
      output.append((entry.range.lowerBound &- 1)..<(entry.range.upperBound &+ 1), of: bytes)
    }
  }

  @inline(never)
  private mutating func escapedString(_ body: Range<Int>) {
    var text: [UInt8] = []
    text.reserveCapacity(body.count)
    StringWriting.write(
      bytes.string(body, hasEscapes: true), escapingLineSeparators: false, to: &text)
    output.append(text)
  }

  /// A whole number of up to fifteen digits is written in canonical form already.
  @inline(__always)
  private mutating func number(_ range: Range<Int>) {
    guard isShortInteger(range) else { return longNumber(range) }
    output.append(range, of: bytes)
  }

  private func isShortInteger(_ range: Range<Int>) -> Bool {
    var digits = range
    if bytes[range.lowerBound] == Ascii.minus {
      digits = (range.lowerBound &+ 1)..<range.upperBound
      // Both zeros are written alike.
      if bytes[digits.lowerBound] == Ascii.zero { return false }
    }
    guard digits.count <= 15 else { return false }
    for index in digits where !Ascii.isDigit(bytes[index]) { return false }
    return true
  }

  @inline(never)
  private mutating func longNumber(_ range: Range<Int>) {
    let number = JSONNumber(source: JSONString(utf8: bytes.bytes(range)))
    var text: [UInt8] = []
    JSONCanonical.write(number, numbers, to: &text)
    output.append(text)
  }
}

extension ByteView {
  /// Whether a key is this one, however it was written.
  func isKey(_ entry: JSONTape.Entry, _ key: JSONString) -> Bool {
    guard entry.hasEscapes || entry.range.count == key.utf8.count else { return false }
    return string(entry.range, hasEscapes: entry.hasEscapes) == key
  }
}
