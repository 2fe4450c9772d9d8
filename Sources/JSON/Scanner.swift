/// The one strict reading of JSON (RFC 8259), from which the tree and the outline are both made.
///
/// One pass without recursion; the stack of open containers is a number. The position is a local
/// variable that every step takes and returns, so that it stays in a register.
struct Scanner<Sink: ScanSink & ~Copyable>: ~Copyable {
  /// They end where the document ends.
  let bytes: ByteView
  let dialect: JSONDialect
  var sink: Sink
  /// False once there was anything that some reader takes for the end of a line.
  var isOneLine = true
  var window = StringWindow()

  private let start: Int
  private let depthLimit: Int
  private var depth = 0
  /// The open containers, innermost lowest: 1 for an object. As many bits as the depth may be.
  private var objects: UInt128 = 0
  private var keys: KeyTable

  var end: Int { bytes.count }

  init(
    _ bytes: ByteView, range: Range<Int>, dialect: JSONDialect, limits: JSONLimits,
    sink: consuming Sink, keys: consuming KeyTable = KeyTable()
  ) throws(JSONError) {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
      throw JSONError(.unexpectedEnd, at: bytes.count)
    }
    guard range.count <= limits.size, range.upperBound <= JSONLimits.maximumSize else {
      throw JSONError(.tooLarge, at: range.lowerBound &+ max(0, limits.size))
    }
    self.bytes = bytes.prefix(range.upperBound)
    self.dialect = dialect
    self.sink = sink
    self.keys = keys
    start = range.lowerBound
    depthLimit = min(limits.depth, JSONLimits.maximumDepth)
  }

  /// Gives the keys out, once the scan is over: a scan of the same bytes may begin with them.
  mutating func exchange(keys other: inout KeyTable) { swap(&keys, &other) }

  mutating func run() throws(JSONError) {
    var at = start
    if end &- at >= 3, bytes[at] == 0xEF, bytes[at &+ 1] == 0xBB, bytes[at &+ 2] == 0xBF {
      throw JSONError(.byteOrderMark, at: at)
    }
    // Whether the innermost open container is an object.
    var isInObject = false
    // A turn reads a value and the key before it, or opens a container. All in one function: the
    // compiler keeps what it needs at each step in registers only there.
    repeat {
      if isInObject { at = try key(at) }
      var byte = bytes.byte(at)
      while byte <= Ascii.space || byte == Ascii.slash {
        at = try needSpace(at)
        byte = bytes.byte(at)
      }
      let first = at
      switch byte {
      case Ascii.quote:
        let hasEscapes: Bool
        (at, hasEscapes) = try string(at)
        try sink.string((first &+ 1)..<(at &- 1), hasEscapes: hasEscapes)
      case Ascii.minus, Ascii.zero...Ascii.nine:
        at = try bytes.number(at, end)
        guard at &- first <= JSONNumber.longest else {
          throw JSONError(.numberTooLong, at: first)
        }
        try sink.literal(.number, first..<at)
      case Ascii.openBrace, Ascii.openBracket:
        isInObject = byte == Ascii.openBrace
        try open(isInObject ? .object : .array, at)
        at = try skipSpace(at &+ 1)
        if bytes.byte(at) != closing(isInObject) { continue }
      case UInt8(ascii: "t"):
        at = try bytes.word("true", at, end)
        try sink.literal(.bool, first..<at)
      case UInt8(ascii: "f"):
        at = try bytes.word("false", at, end)
        try sink.literal(.bool, first..<at)
      case UInt8(ascii: "n"):
        at = try bytes.word("null", at, end)
        try sink.literal(.null, first..<at)
      default:
        throw bytes.unexpected(at, end)
      }
      at = try passEnds(at, &isInObject)
    } while depth > 0
    at = try skipSpace(at)
    guard at == end else { throw JSONError(.trailingContent, at: at) }
  }

  /// Passes over what follows a value: the ends of containers, and the comma before the next value.
  @inline(__always)
  private mutating func passEnds(
    _ start: Int, _ isInObject: inout Bool
  ) throws(JSONError) -> Int {
    var at = start
    while depth > 0 {
      let byte = bytes.byte(at)
      if byte == Ascii.comma {
        at &+= 1
        if dialect == .strict { break }
        at = try skipSpace(at)
        if bytes.byte(at) != closing(isInObject) { break }
      } else if byte == closing(isInObject) {
        try close(isInObject ? .object : .array, at)
        isInObject = objects & 1 == 1
        at &+= 1
      } else {
        at = try needSpace(at)
      }
    }
    return at
  }

  @inline(__always)
  private func closing(_ isInObject: Bool) -> UInt8 {
    isInObject ? Ascii.closeBrace : Ascii.closeBracket
  }

  /// A key and its colon.
  @inline(__always)
  private mutating func key(_ start: Int) throws(JSONError) -> Int {
    var at = start
    while bytes.byte(at) != Ascii.quote { at = try needSpace(at) }
    if let (quote, isNew) = keys.guess(at &+ 1, bytes) {
      guard isNew else { throw JSONError(.duplicateKey, at: at) }
      try sink.key((at &+ 1)..<quote, hasEscapes: false)
      at = quote &+ 1
    } else {
      at = try unexpectedKey(at)
    }
    while bytes.byte(at) != Ascii.colon { at = try needSpace(at) }
    return at &+ 1
  }

  @inline(never)
  private mutating func unexpectedKey(_ at: Int) throws(JSONError) -> Int {
    let (next, hasEscapes) = try string(at)
    let body = (at &+ 1)..<(next &- 1)
    guard keys.insert(body, hasEscapes: hasEscapes, bytes) else {
      throw JSONError(.duplicateKey, at: at)
    }
    try sink.key(body, hasEscapes: hasEscapes)
    return next
  }

  @inline(__always)
  private mutating func open(_ kind: JSONKind, _ at: Int) throws(JSONError) {
    guard depth < depthLimit else { throw JSONError(.tooDeep, at: at) }
    depth &+= 1
    objects &<<= 1
    if kind == .object {
      objects |= 1
      keys.openObject()
    }
    try sink.open(kind, at: at)
  }

  @inline(__always)
  private mutating func close(_ kind: JSONKind, _ at: Int) throws(JSONError) {
    depth &-= 1
    objects &>>= 1
    if kind == .object, let offset = keys.closeObject(bytes) {
      throw JSONError(.duplicateKey, at: offset &- 1)
    }
    try sink.close(kind, end: at &+ 1)
  }
}
