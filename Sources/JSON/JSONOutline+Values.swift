/// Reading values out of the bytes that were scanned. Every function takes those same bytes.
extension JSONOutline {
  /// The member with this key, however the key was written.
  public func member(_ key: JSONString, in bytes: UnsafeRawBufferPointer) -> Member? {
    let view = unsafe ByteView(bytes)
    return members.first { Self.key(of: $0, in: view, equals: key.utf8) }
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

  /// The number that fills `range`, as it was written.
  public static func number(at range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> JSONNumber? {
    let view = unsafe ByteView(bytes)
    guard let first = range.first, range.upperBound <= view.count,
      view[first] == Ascii.minus || Ascii.isDigit(view[first])
    else { return nil }
    return JSONNumber(source: JSONString(utf8: view.bytes(range)))
  }

  private static func key(of member: Member, in view: ByteView, equals key: [UInt8]) -> Bool {
    if member.keyHasEscapes { return view.string(member.key, hasEscapes: true).utf8 == key }
    guard member.key.count == key.count else { return false }
    for (offset, byte) in zip(member.key, key) where view[offset] != byte { return false }
    return true
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
