import Control

/// Reads a client's side of an HTTP/1 connection, request by request (RFC 9110, RFC 9112): each must
/// be for one of the names, and end where every receiver sees its end.
///
/// Whatever a receiver may read in another way is refused: a line that ends without CR, a folded field,
/// two lengths, white space before a colon, a change of protocol. The bytes themselves stay as they are.
struct HTTPRequestReader {
  private enum State {
    case requestLine
    case fields
    case body(left: UInt64)
    case chunkSize
    case chunk(left: UInt64)
    case chunkEnd
    case trailers
  }

  /// Of a request's lines up to its body, and of those behind a chunked one, in bytes.
  static let longestSection = 64 << 10

  private let authority: HTTPAuthority
  private var state = State.requestLine
  private var objection: Objection?
  private var head = HTTPRequestHead()
  private var line: [UInt8] = []
  private var sawReturn = false
  /// Bytes that were read and not released: those of the present section.
  private var held = 0

  /// - Parameters:
  ///   - names: any of them may be the host of a request.
  ///   - port: what may stand behind the host.
  init(names: [[UInt8]], port: UInt16) {
    authority = HTTPAuthority(names: names, port: port)
  }

  /// Not more than `longestSection` bytes are ever held back.
  mutating func feed(_ bytes: ArraySlice<UInt8>) -> Inspected {
    var released = 0
    var rest = bytes
    while objection == nil, !rest.isEmpty {
      do throws(Objection) {
        switch state {
        case .body(let left):
          let passed = pass(&rest, left)
          released += passed
          enter(passed == Int(left) ? .requestLine : .body(left: left - UInt64(passed)))
        case .chunk(let left):
          let passed = pass(&rest, left)
          released += passed
          state = passed == Int(left) ? .chunkEnd : .chunk(left: left - UInt64(passed))
        case .requestLine, .fields, .chunkSize, .chunkEnd, .trailers:
          guard try takeLine(&rest) else { continue }
          let ends = try readLine()
          line.removeAll(keepingCapacity: true)
          if ends {
            released += held
            held = 0
          }
        }
      } catch {
        objection = error
        line = []
      }
    }
    return Inspected(released: released, verdict: objection.map { .refused($0) } ?? .reading)
  }

  private func pass(_ rest: inout ArraySlice<UInt8>, _ left: UInt64) -> Int {
    let count = Int(min(UInt64(rest.count), left))
    rest = rest.dropFirst(count)
    return count
  }

  /// Whether there is a whole line in `line` now, without its end.
  private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(Objection) -> Bool {
    while let byte = rest.popFirst() {
      held += 1
      guard held <= Self.longestSection else { throw .notHTTP("too long") }
      if sawReturn {
        guard byte == 0x0A else { throw .notHTTP("a carriage return inside a line") }
        sawReturn = false
        return true
      }
      switch byte {
      case 0x0D: sawReturn = true
      case 0x0A: throw .notHTTP("a line that ends without a carriage return")
      case 0x09, 0x20...0x7E, 0x80...: line.append(byte)
      default: throw .notHTTP("a control character")
      }
    }
    return false
  }

  /// Whether what was held back up to this line may go.
  private mutating func readLine() throws(Objection) -> Bool {
    switch state {
    case .requestLine:
      try head.read(requestLine: line, authority)
      state = .fields
      return false
    case .fields:
      guard line.isEmpty else {
        try head.read(field: line, authority)
        return false
      }
      switch try head.body() {
      case .none: enter(.requestLine)
      case .length(let length): state = .body(left: length)
      case .chunked: state = .chunkSize
      }
      return true
    case .chunkSize:
      let size = try Self.size(line)
      state = size == 0 ? .trailers : .chunk(left: size)
      return true
    case .chunkEnd:
      guard line.isEmpty else { throw .notHTTP("a chunk longer than its size") }
      state = .chunkSize
      return true
    case .trailers:
      guard !line.isEmpty else {
        enter(.requestLine)
        return true
      }
      try HTTPRequestHead.check(trailer: line)
      return false
    case .body, .chunk: return false
    }
  }

  private mutating func enter(_ next: State) {
    if case .requestLine = next { head = HTTPRequestHead() }
    state = next
  }

  /// Extensions, which no client sends, are read in too many ways.
  private static func size(_ line: [UInt8]) throws(Objection) -> UInt64 {
    guard (1...15).contains(line.count) else { throw .notHTTP("a chunk without a size") }
    var size: UInt64 = 0
    for byte in line {
      guard let digit = byte.hexadecimalDigit else { throw .notHTTP("a chunk without a size") }
      size = size << 4 | UInt64(digit)
    }
    return size
  }
}

extension UInt8 {
  fileprivate var hexadecimalDigit: UInt8? {
    switch self {
    case 0x30...0x39: self - 0x30
    case 0x41...0x46, 0x61...0x66: (self | 0x20) - 0x57
    default: nil
    }
  }
}
