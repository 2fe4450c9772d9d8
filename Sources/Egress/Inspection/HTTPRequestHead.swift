import Control

/// What is kept of a request while its lines are read.
struct HTTPRequestHead {
  enum Body: Equatable {
    case none
    case length(UInt64)
    case chunked
  }

  /// In lower case, as some receivers take it.
  private var method: [UInt8] = []
  private var isVersion1_1 = false
  private var hasHost = false
  private var length: UInt64?
  private var isChunked = false

  /// One space between the three parts, and none elsewhere (RFC 9112, 3).
  mutating func read(requestLine line: [UInt8], _ authority: HTTPAuthority) throws(Objection) {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isToken, !parts[1].isEmpty, !parts[1].contains(0x09) else {
      throw .notHTTP("no request line")
    }
    isVersion1_1 = parts[2].isText("HTTP/1.1")
    guard isVersion1_1 || parts[2].isText("HTTP/1.0") else { throw .notHTTP("another version") }
    method = parts[0].lowercasedASCII
    guard !method.isText("connect") else { throw .notHTTP("CONNECT") }
    try check(target: parts[1], authority)
  }

  private func check(
    target: ArraySlice<UInt8>, _ authority: HTTPAuthority
  ) throws(Objection) {
    if target.first == UInt8(ascii: "/") { return }
    if target.isText("*"), method.isText("options") { return }
    // As a proxy is asked: a server goes by this rather than by the Host (RFC 9112, 3.2.2).
    guard target.prefix(7).lowercasedASCII.isText("http://") else {
      throw .notHTTP("a target that is no path")
    }
    // Only a slash ends it: behind other marks some receivers look for an `@`.
    try authority.check(target.dropFirst(7).prefix { $0 != UInt8(ascii: "/") })
  }

  mutating func read(field line: [UInt8], _ authority: HTTPAuthority) throws(Objection) {
    let (name, value) = try Self.split(field: line)
    if name.isText("host") {
      guard !hasHost else { throw .notHTTP("two Host fields") }
      hasHost = true
      try authority.check(value)
    } else if name.isText("content-length") {
      guard length == nil else { throw .notHTTP("two lengths") }
      guard (1...18).contains(value.count), value.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw .notHTTP("a length that is no number")
      }
      length = value.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
    } else if name.isText("transfer-encoding") {
      guard !isChunked, value.lowercasedASCII.isText("chunked") else {
        throw .notHTTP("a transfer encoding other than chunked")
      }
      isChunked = true
    } else if name.isText("upgrade") {
      throw .notHTTP("a change of protocol")
    } else if name.isText("connection") {
      try check(connection: value)
    } else {
      try Self.check(ordinary: name)
    }
  }

  /// Fields that it names are taken off by whoever passes the request on (RFC 9110, 7.6.1).
  private func check(connection value: ArraySlice<UInt8>) throws(Objection) {
    for option in value.split(separator: UInt8(ascii: ",")) {
      let name = option.withoutEdges.lowercasedASCII
      guard !Self.isFraming(name) else { throw .notHTTP("a needed field for the connection alone") }
    }
  }

  /// After the last field.
  func body() throws(Objection) -> Body {
    guard hasHost else { throw Objection(.host) }
    guard !isChunked || (isVersion1_1 && length == nil) else { throw .notHTTP("two lengths") }
    let body = isChunked ? Body.chunked : length.map { $0 == 0 ? .none : .length($0) } ?? .none
    // Receivers that pass over such a body would take it for the next request (RFC 9110, 9.3.1).
    let hasNone = method.isText("get") || method.isText("head") || method.isText("trace")
    guard body == .none || !hasNone else { throw .notHTTP("a body that its method has not") }
    return body
  }

  static func check(trailer line: [UInt8]) throws(Objection) {
    let name = try split(field: line).name
    guard !isFraming(name) else { throw .notHTTP("a trailer that belongs into the head") }
    try check(ordinary: name)
  }

  private static func isFraming(_ name: [UInt8]) -> Bool {
    name.isText("host") || name.isText("content-length") || name.isText("transfer-encoding")
      || name.isText("upgrade")
  }

  /// Gateways of old take an underscore for a hyphen.
  private static func check(ordinary name: [UInt8]) throws(Objection) {
    guard name.contains(UInt8(ascii: "_")) else { return }
    guard !isFraming(name.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }) else {
      throw .notHTTP("a field that looks like another")
    }
  }

  private static func split(
    field line: [UInt8]
  ) throws(Objection) -> (name: [UInt8], value: ArraySlice<UInt8>) {
    guard line.first != 0x20, line.first != 0x09 else { throw .notHTTP("a folded field") }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line[..<colon].isToken else {
      throw .notHTTP("a field without a name")
    }
    return (line[..<colon].lowercasedASCII, line[(colon + 1)...].withoutEdges)
  }
}

extension ArraySlice<UInt8> {
  /// RFC 9110, 5.6.2.
  fileprivate var isToken: Bool {
    !isEmpty
      && allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Without the white space around it.
  fileprivate var withoutEdges: ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var text = drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    return text
  }
}
