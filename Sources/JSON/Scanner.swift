/// The one strict reading of JSON (RFC 8259), from which the tree and the outline are both made.
///
/// One pass without recursion; the stack of open containers is a number. The position is a local
/// variable that every step takes and returns, so that it stays in a register.
struct Scanner<Sink: ScanSink> {
  let bytes: ByteView
  let end: Int
  let dialect: JSONDialect
  var sink: Sink
  /// False once there was anything that some reader takes for the end of a line.
  var isOneLine = true

  private let start: Int
  private let depthLimit: Int
  private var depth = 0
  /// The open containers, innermost lowest: 1 for an object. As many bits as the depth may be.
  private var objects: UInt128 = 0
  private var keys = KeyTable()

  private enum Expectation {
    case value, elementOrEnd, key, keyOrEnd, separator, nothing
  }

  /// The offset past what was read, and what may come there.
  private typealias Step = (at: Int, expectation: Expectation)

  init(
    _ bytes: ByteView, range: Range<Int>, dialect: JSONDialect, limits: JSONLimits, sink: Sink
  ) throws(JSONError) {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
      throw JSONError(.unexpectedEnd, at: bytes.count)
    }
    guard range.count <= limits.size, range.upperBound <= JSONLimits.maximumSize else {
      throw JSONError(.tooLarge, at: range.lowerBound &+ max(0, limits.size))
    }
    self.bytes = bytes
    self.dialect = dialect
    self.sink = sink
    start = range.lowerBound
    end = range.upperBound
    depthLimit = min(limits.depth, JSONLimits.maximumDepth)
  }

  mutating func run() throws(JSONError) {
    var at = start
    if end &- at >= 3, bytes[at] == 0xEF, bytes[at &+ 1] == 0xBB, bytes[at &+ 2] == 0xBF {
      throw JSONError(.byteOrderMark, at: at)
    }
    var expectation = Expectation.value
    while true {
      at = try skipSpace(at)
      guard at < end else {
        guard expectation == .nothing else { throw JSONError(.unexpectedEnd, at: at) }
        return
      }
      var byte = bytes[at]
      switch expectation {
      case .separator:
        (at, expectation) = try separator(byte, at)
        continue
      case .nothing:
        throw JSONError(.trailingContent, at: at)
      case .elementOrEnd where byte == Ascii.closeBracket:
        (at, expectation) = try close(.array, at)
        continue
      case .keyOrEnd where byte == Ascii.closeBrace:
        (at, expectation) = try close(.object, at)
        continue
      case .key, .keyOrEnd:
        at = try skipSpace(key(byte, at))
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        byte = bytes[at]
      case .value, .elementOrEnd:
        break
      }
      (at, expectation) = try value(byte, at)
    }
  }

  @inline(__always)
  private mutating func value(_ byte: UInt8, _ at: Int) throws(JSONError) -> Step {
    let next: Int
    switch byte {
    case Ascii.quote:
      let hasEscapes: Bool
      (next, hasEscapes) = try string(at)
      try sink.string((at &+ 1)..<(next &- 1), hasEscapes: hasEscapes)
    case Ascii.openBrace:
      return try open(.object, at)
    case Ascii.openBracket:
      return try open(.array, at)
    case Ascii.minus, Ascii.zero...Ascii.nine:
      next = try bytes.number(at, end)
      try sink.literal(.number, at..<next)
    case UInt8(ascii: "t"):
      next = try bytes.word("true", at, end)
      try sink.literal(.bool, at..<next)
    case UInt8(ascii: "f"):
      next = try bytes.word("false", at, end)
      try sink.literal(.bool, at..<next)
    case UInt8(ascii: "n"):
      next = try bytes.word("null", at, end)
      try sink.literal(.null, at..<next)
    default:
      throw bytes.unexpected(at, end)
    }
    guard depth > 0 else { return (next, .nothing) }
    // Mostly the comma comes at once.
    guard next < end, bytes[next] == Ascii.comma else { return (next, .separator) }
    return (next &+ 1, afterComma)
  }

  /// A key and its colon.
  @inline(__always)
  private mutating func key(_ byte: UInt8, _ at: Int) throws(JSONError) -> Int {
    guard byte == Ascii.quote else { throw bytes.unexpected(at, end) }
    let (next, hasEscapes) = try string(at)
    let body = (at &+ 1)..<(next &- 1)
    guard keys.insert(body, hasEscapes: hasEscapes, bytes) else {
      throw JSONError(.duplicateKey, at: at)
    }
    try sink.key(body, hasEscapes: hasEscapes)
    let colon = try skipSpace(next)
    guard colon < end else { throw JSONError(.unexpectedEnd, at: colon) }
    guard bytes[colon] == Ascii.colon else { throw bytes.unexpected(colon, end) }
    return colon &+ 1
  }

  @inline(__always)
  private mutating func separator(_ byte: UInt8, _ at: Int) throws(JSONError) -> Step {
    if byte == Ascii.comma { return (at &+ 1, afterComma) }
    let isObject = objects & 1 == 1
    guard byte == (isObject ? Ascii.closeBrace : Ascii.closeBracket) else {
      throw bytes.unexpected(at, end)
    }
    return try close(isObject ? .object : .array, at)
  }

  @inline(__always)
  private var afterComma: Expectation {
    let isObject = objects & 1 == 1
    switch dialect {
    case .strict: return isObject ? .key : .value
    case .commented: return isObject ? .keyOrEnd : .elementOrEnd
    }
  }

  @inline(__always)
  private mutating func open(_ kind: JSONKind, _ at: Int) throws(JSONError) -> Step {
    guard depth < depthLimit else { throw JSONError(.tooDeep, at: at) }
    depth &+= 1
    objects &<<= 1
    if kind == .object {
      objects |= 1
      keys.openObject()
    }
    try sink.open(kind, at: at)
    return (at &+ 1, kind == .object ? .keyOrEnd : .elementOrEnd)
  }

  @inline(__always)
  private mutating func close(_ kind: JSONKind, _ at: Int) throws(JSONError) -> Step {
    depth &-= 1
    objects &>>= 1
    if kind == .object, let offset = keys.closeObject(bytes) {
      throw JSONError(.duplicateKey, at: offset &- 1)
    }
    try sink.close(kind, end: at &+ 1)
    return (at &+ 1, depth == 0 ? .nothing : .separator)
  }
}
