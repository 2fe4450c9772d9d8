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
  /// Go's `encoding/json` matches `METHOD`, and even U+017F for `s` and U+212A for `k`; where another
  /// reader sees another message than this one, the message is not to be passed on.
  public func lookalike(of key: JSONString, in bytes: UnsafeRawBufferPointer) -> Member? {
    let view = unsafe ByteView(bytes)
    let folded = Self.fold(key.utf8)
    return members.first { member in
      // U+212A takes three bytes for one; an escape can take six.
      guard member.key.count >= key.utf8.count else { return false }
      guard member.keyHasEscapes || member.key.count <= key.utf8.count * 3 else { return false }
      let name = view.string(member.key, hasEscapes: member.keyHasEscapes)
      return name != key && Self.fold(name.utf8) == folded
    }
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

  /// ASCII letters in lower case, and the two characters beyond ASCII whose case folds into it.
  private static func fold(_ name: [UInt8]) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(name.count)
    var at = 0
    while at < name.count {
      if name[at...].starts(with: [0xC5, 0xBF]) {
        folded.append(UInt8(ascii: "s"))
        at += 2
      } else if name[at...].starts(with: [0xE2, 0x84, 0xAA]) {
        folded.append(UInt8(ascii: "k"))
        at += 3
      } else {
        folded.append((0x41...0x5A).contains(name[at]) ? name[at] | 0x20 : name[at])
        at += 1
      }
    }
    return folded
  }
}
