/// Builds the tree from the scan.
struct TreeSink: ScanSink {
  private(set) var root: JSONNode?

  private struct Container {
    let start: Int
    var key = JSONString(utf8: [])
    var keyRange = 0..<0
    var members: [JSONMember] = []
    var elements: [JSONNode] = []
  }

  private let bytes: ByteView
  private var remaining: Int
  private var stack: [Container] = []
  /// Whether each open container is an object, beside the stack.
  private var isObject: [Bool] = []

  init(_ bytes: ByteView, _ limits: JSONLimits) {
    self.bytes = bytes
    remaining = limits.values
  }

  mutating func key(_ body: Range<Int>, hasEscapes: Bool) {
    let last = stack.count &- 1
    stack[last].key = bytes.string(body, hasEscapes: hasEscapes)
    stack[last].keyRange = (body.lowerBound &- 1)..<(body.upperBound &+ 1)
  }

  mutating func string(_ body: Range<Int>, hasEscapes: Bool) throws(JSONError) {
    let range = (body.lowerBound &- 1)..<(body.upperBound &+ 1)
    try add(range, .string(bytes.string(body, hasEscapes: hasEscapes)))
  }

  mutating func literal(_ kind: JSONKind, _ range: Range<Int>) throws(JSONError) {
    switch kind {
    case .number: try add(range, .number(JSONNumber(source: JSONString(utf8: bytes.bytes(range)))))
    case .bool: try add(range, .bool(bytes[range.lowerBound] == UInt8(ascii: "t")))
    case .null, .string, .array, .object: try add(range, .null)
    }
  }

  mutating func open(_ kind: JSONKind, at offset: Int) {
    stack.append(Container(start: offset))
    isObject.append(kind == .object)
  }

  mutating func close(_ kind: JSONKind, end: Int) throws(JSONError) {
    isObject.removeLast()
    let container = stack.removeLast()
    try add(
      container.start..<end,
      kind == .object ? .object(container.members) : .array(container.elements))
  }

  private mutating func add(_ range: Range<Int>, _ value: JSONValue) throws(JSONError) {
    guard remaining > 0 else { throw JSONError(.tooManyValues, at: range.lowerBound) }
    remaining &-= 1
    let node = JSONNode(range: range, value: value)
    let last = stack.count &- 1
    if last < 0 {
      root = node
    } else if isObject[last] {
      let member = JSONMember(key: stack[last].key, keyRange: stack[last].keyRange, value: node)
      stack[last].members.append(member)
    } else {
      stack[last].elements.append(node)
    }
  }
}
