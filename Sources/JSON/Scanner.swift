/// The one strict reading of JSON (RFC 8259), from which the tree and the outline are both made.
///
/// One pass without recursion; the stack of open containers has a fixed size.
struct Scanner<Sink: ScanSink> {
  let bytes: ByteView
  let end: Int
  let dialect: JSONDialect
  var at: Int
  var sink: Sink
  /// False once there was anything that some reader takes for the end of a line.
  var isOneLine = true

  private let depthLimit: Int
  private var depth = 0
  /// Per open container: twice the index of its first key, plus one for an object.
  private var frames = InlineArray<128, UInt32>(repeating: 0)
  private var keys = KeyTable()

  private enum Expectation {
    case value, elementOrEnd, key, keyOrEnd, separator, nothing
  }

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
    at = range.lowerBound
    end = range.upperBound
    depthLimit = min(limits.depth, JSONLimits.maximumDepth)
  }

  mutating func run() throws(JSONError) {
    if end &- at >= 3, bytes[at] == 0xEF, bytes[at &+ 1] == 0xBB, bytes[at &+ 2] == 0xBF {
      throw JSONError(.byteOrderMark, at: at)
    }
    var expectation = Expectation.value
    while true {
      try skipSpace()
      guard at < end else {
        guard expectation == .nothing else { throw JSONError(.unexpectedEnd, at: at) }
        return
      }
      let byte = bytes[at]
      switch expectation {
      case .value:
        expectation = try value(byte)
      case .elementOrEnd:
        expectation = byte == Ascii.closeBracket ? try close() : try value(byte)
      case .key:
        try key(byte)
        expectation = .value
      case .keyOrEnd:
        if byte == Ascii.closeBrace {
          expectation = try close()
        } else {
          try key(byte)
          expectation = .value
        }
      case .separator:
        expectation = try separator(byte)
      case .nothing:
        throw JSONError(.trailingContent, at: at)
      }
    }
  }

  @inline(__always)
  private mutating func value(_ byte: UInt8) throws(JSONError) -> Expectation {
    switch byte {
    case Ascii.quote:
      let (body, hasEscapes) = try string()
      try sink.string(body, hasEscapes: hasEscapes)
    case Ascii.openBrace:
      try open(.object)
      return .keyOrEnd
    case Ascii.openBracket:
      try open(.array)
      return .elementOrEnd
    case Ascii.minus, Ascii.zero...Ascii.nine:
      try sink.literal(.number, number())
    case UInt8(ascii: "t"):
      try sink.literal(.bool, word("true"))
    case UInt8(ascii: "f"):
      try sink.literal(.bool, word("false"))
    case UInt8(ascii: "n"):
      try sink.literal(.null, word("null"))
    default:
      throw unexpected(byte)
    }
    return depth == 0 ? .nothing : .separator
  }

  @inline(__always)
  private mutating func key(_ byte: UInt8) throws(JSONError) {
    guard byte == Ascii.quote else { throw unexpected(byte) }
    let (body, hasEscapes) = try string()
    let first = Int(frames[depth &- 1] >> 1)
    guard keys.insert(body, hasEscapes: hasEscapes, first: first, bytes) else {
      throw JSONError(.duplicateKey, at: body.lowerBound &- 1)
    }
    try sink.key(body, hasEscapes: hasEscapes)
    try skipSpace()
    guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
    guard bytes[at] == Ascii.colon else { throw unexpected(bytes[at]) }
    at &+= 1
  }

  @inline(__always)
  private mutating func separator(_ byte: UInt8) throws(JSONError) -> Expectation {
    let isObject = frames[depth &- 1] & 1 == 1
    if byte == Ascii.comma {
      at &+= 1
      switch dialect {
      case .strict: return isObject ? .key : .value
      case .commented: return isObject ? .keyOrEnd : .elementOrEnd
      }
    }
    guard byte == (isObject ? Ascii.closeBrace : Ascii.closeBracket) else {
      throw unexpected(byte)
    }
    return try close()
  }

  private mutating func open(_ kind: JSONKind) throws(JSONError) {
    guard depth < depthLimit else { throw JSONError(.tooDeep, at: at) }
    frames[depth] = UInt32(truncatingIfNeeded: keys.count) << 1 | (kind == .object ? 1 : 0)
    depth &+= 1
    try sink.open(kind, at: at)
    at &+= 1
  }

  private mutating func close() throws(JSONError) -> Expectation {
    depth &-= 1
    at &+= 1
    let frame = frames[depth]
    if frame & 1 == 1 {
      if let offset = keys.close(first: Int(frame >> 1), bytes) {
        throw JSONError(.duplicateKey, at: offset &- 1)
      }
      try sink.close(.object, end: at)
    } else {
      try sink.close(.array, end: at)
    }
    return depth == 0 ? .nothing : .separator
  }

  private mutating func word(_ expected: StaticString) throws(JSONError) -> Range<Int> {
    let start = at
    for index in 0..<expected.utf8CodeUnitCount {
      guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
      // In bounds: the index runs over the literal's own length.
      guard bytes[at] == (unsafe expected.utf8Start[index]) else { throw unexpected(bytes[at]) }
      at &+= 1
    }
    return start..<at
  }

  /// The refusal of a byte that may not stand at `at`, named for what the byte is.
  func unexpected(_ byte: UInt8) -> JSONError {
    if byte < 0x20 { return JSONError(.controlCharacter, at: at) }
    if byte >= 0x80, bytes.sequenceLength(at: at, end: end) == nil {
      return JSONError(.invalidUTF8, at: at)
    }
    return JSONError(.unexpectedByte, at: at)
  }
}
