/// Reading values out of the bytes that were scanned. Every function takes those same bytes.
extension JSONOutline {
  /// The member with this key, however the key was written.
  public func member(_ key: StaticString, in bytes: UnsafeRawBufferPointer) -> Member? {
    let view = unsafe ByteView(bytes)
    // The literal's bytes live as long as the program.
    let key = unsafe ByteView(
      UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    return members.first { Self.isKey(of: $0, in: view, key) }
  }

  @_disfavoredOverload
  public func member(_ key: JSONString, in bytes: UnsafeRawBufferPointer) -> Member? {
    let view = unsafe ByteView(bytes)
    return unsafe key.utf8.withUnsafeBytes { buffer in
      let key = unsafe ByteView(buffer)
      return members.first { Self.isKey(of: $0, in: view, key) }
    }
  }

  public func member(_ key: JSONString, in bytes: [UInt8]) -> Member? {
    unsafe bytes.withUnsafeBytes { buffer in unsafe member(key, in: buffer) }
  }

  /// A member that is not named `key` but that a reader without regard to case would take for it.
  ///
  /// Go's `encoding/json` matches `METHOD`, and even U+017F for `s` and U+212A for `k`; Java takes
  /// U+0130 and U+0131 for `i`; a reader in C may end a key at U+0000. Where another reader sees
  /// another message than this one, the message is not to be passed on.
  public func lookalike(of key: JSONString, in bytes: UnsafeRawBufferPointer) -> Member? {
    members.first { unsafe Self.isLookalike($0, of: key, in: bytes) }
  }

  /// Whether a member is a lookalike of `key`, as ``lookalike(of:in:)`` has it.
  public static func isLookalike(
    _ member: Member, of key: JSONString, in bytes: UnsafeRawBufferPointer
  ) -> Bool {
    // U+212A takes three bytes for one; an escape, which U+0000 needs, can take six.
    guard member.key.count >= key.utf8.count else { return false }
    guard member.keyHasEscapes || member.key.count <= key.utf8.count * 3 else { return false }
    let name = unsafe Self.key(of: member, in: bytes)
    return name != key && fold(name.utf8) == fold(key.utf8)
  }

  /// The key with its escapes resolved.
  public static func key(of member: Member, in bytes: UnsafeRawBufferPointer) -> JSONString {
    unsafe ByteView(bytes).string(member.key, hasEscapes: member.keyHasEscapes)
  }

  /// The string whose quotes are the first and last byte of `range`; nil for any other value.
  public static func string(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> JSONString? {
    let view = unsafe ByteView(bytes)
    guard range.count >= 2, range.upperBound <= view.count, view[range.lowerBound] == Ascii.quote,
      view[range.upperBound - 1] == Ascii.quote
    else { return nil }
    return view.string((range.lowerBound + 1)..<(range.upperBound - 1), hasEscapes: true)
  }

  /// Whether `range` holds this string, however it was written. The string is one that JSON writes
  /// without escapes.
  public static func isString(
    at range: Range<Int>, in bytes: UnsafeRawBufferPointer, _ expected: StaticString
  ) -> Bool {
    let view = unsafe ByteView(bytes)
    let literal = unsafe ByteView(
      UnsafeRawBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount))
    if range.count == literal.count + 2, range.upperBound <= view.count,
      view[range.lowerBound] == Ascii.quote,
      view.compare(at: range.lowerBound + 1, with: literal, at: 0, count: literal.count) == 0
    {
      return true
    }
    return unsafe string(at: range, in: bytes) == JSONString(stringLiteral: expected)
  }

  /// The number at `range` as an integer; nil for anything else and for `1.0` and `1e0`.
  public static func int64(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Int64? {
    guard range.upperBound <= bytes.count else { return nil }
    return unsafe JSONNumber.int64(bytes[range])
  }

  /// The number at `range`, as it was written.
  public static func number(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> JSONNumber? {
    let view = unsafe ByteView(bytes)
    guard let first = range.first, range.upperBound <= view.count,
      view[first] == Ascii.minus || Ascii.isDigit(view[first])
    else { return nil }
    return JSONNumber(source: JSONString(utf8: view.bytes(range)))
  }

  private static func isKey(of member: Member, in view: ByteView, _ key: ByteView) -> Bool {
    if member.keyHasEscapes {
      return view.string(member.key, hasEscapes: true).utf8 == key.bytes(0..<key.count)
    }
    return member.key.count == key.count
      && view.compare(at: member.key.lowerBound, with: key, at: 0, count: key.count) == 0
  }

  /// What is not ASCII and yet becomes an ASCII letter where a reader ignores case.
  private static let folding: [(bytes: [UInt8], letter: UInt8)] = [
    ([0xC5, 0xBF], UInt8(ascii: "s")), ([0xE2, 0x84, 0xAA], UInt8(ascii: "k")),
    ([0xC4, 0xB0], UInt8(ascii: "i")), ([0xC4, 0xB1], UInt8(ascii: "i")),
  ]

  /// A name up to its first U+0000, in lower case.
  private static func fold(_ name: [UInt8]) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(name.count)
    var rest = name[...]
    while let byte = rest.first, byte != 0 {
      if byte >= 0x80, let fold = folding.first(where: { rest.starts(with: $0.bytes) }) {
        folded.append(fold.letter)
        rest = rest.dropFirst(fold.bytes.count)
      } else {
        folded.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        rest = rest.dropFirst()
      }
    }
    return folded
  }
}
