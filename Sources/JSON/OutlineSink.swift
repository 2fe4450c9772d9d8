/// Notes the root's entries and lets everything deeper pass.
struct OutlineSink: ScanSink {
  private(set) var kind = JSONKind.null
  private(set) var range = 0..<0
  private(set) var members: [JSONOutline.Member] = []
  private(set) var elements: [CompactRange] = []

  private var depth = 0
  private var key = 0..<0
  private var keyHasEscapes = false
  /// Where the root, and the entry that is open in it, began.
  private var rootStart = 0
  private var entryStart = 0

  @inline(__always)
  mutating func key(_ body: Range<Int>, hasEscapes: Bool) {
    guard depth == 1 else { return }
    key = body
    keyHasEscapes = hasEscapes
  }

  @inline(__always)
  mutating func string(_ body: Range<Int>, hasEscapes: Bool) throws(JSONError) {
    guard depth <= 1 else { return }
    try note(.string, (body.lowerBound &- 1)..<(body.upperBound &+ 1))
  }

  @inline(__always)
  mutating func literal(_ kind: JSONKind, _ range: Range<Int>) throws(JSONError) {
    guard depth <= 1 else { return }
    try note(kind, range)
  }

  @inline(__always)
  mutating func open(_ kind: JSONKind, at offset: Int) {
    switch depth {
    case 0:
      self.kind = kind
      rootStart = offset
    case 1:
      entryStart = offset
    default:
      break
    }
    depth &+= 1
  }

  @inline(__always)
  mutating func close(_ kind: JSONKind, end: Int) throws(JSONError) {
    depth &-= 1
    if depth <= 1 { try note(kind, (depth == 0 ? rootStart : entryStart)..<end) }
  }

  private mutating func note(_ kind: JSONKind, _ range: Range<Int>) throws(JSONError) {
    guard depth == 1 else {
      self.kind = kind
      self.range = range
      return
    }
    guard members.count &+ elements.count < JSONOutline.maximumEntries else {
      throw JSONError(.tooManyValues, at: range.lowerBound)
    }
    if self.kind == .object {
      if members.isEmpty { members.reserveCapacity(6) }
      members.append(
        JSONOutline.Member(key: key, keyHasEscapes: keyHasEscapes, value: range, kind: kind))
    } else {
      elements.append(CompactRange(range))
    }
  }
}
