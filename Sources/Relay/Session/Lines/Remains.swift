import JSON
import MCP

/// What can be told of a server's line that is no message: whether it would have answered a request,
/// and which.
///
/// The line is broken or cut, so this is a guess: all that follows from it is that the request is
/// answered with an error. A program that logs its own objects on standard output may put an `id` into
/// them, and a request of the server's has one too; neither is an answer.
struct Remains {
  var id: MessageID?
  /// The root members that tell what a line was meant to be.
  var hasVersion = false
  var hasMethod = false
  var hasOutcome = false

  init() {}

  /// Reads a line from its beginning and, where that does not reach the id, from its end: some
  /// servers write the id before what it answers, some behind it.
  init(_ line: Line) {
    readStart(line)
    if id == nil { readEnd(line) }
  }

  /// Which request the line was to answer.
  ///
  /// - Parameter isWhole: the line is JSON from its first byte to its last, so that a member which is
  ///   not seen is not there. An answer without `jsonrpc` is none to any host.
  func answered(isWhole: Bool) -> MessageID? {
    guard !hasMethod, hasVersion || (hasOutcome && !isWhole) else { return nil }
    return id
  }

  /// Notes one member of the root. Its value is at `range` where it is a string or a number.
  mutating func note(_ key: [UInt8], _ line: Line, _ range: Range<Int>?) {
    if key.elementsEqual("\"id\"".utf8) {
      if id == nil { id = range.flatMap { Self.id(line, $0) } }
    } else if key.elementsEqual("\"jsonrpc\"".utf8) {
      hasVersion = true
    } else if key.elementsEqual("\"method\"".utf8) {
      hasMethod = true
    } else if key.elementsEqual("\"result\"".utf8) || key.elementsEqual("\"error\"".utf8) {
      hasOutcome = true
    }
  }

  private mutating func readStart(_ line: Line) {
    let end = line.count
    var depth = 0
    var at = 0
    /// The root member whose value comes next.
    var key: [UInt8]?
    var isValue = false
    while at < end {
      let start = at
      at += 1
      switch line[start] {
      case UInt8(ascii: "\""):
        at = Self.endOfString(line, from: at, end)
        guard depth == 1 else { continue }
        if !isValue {
          key = at - start <= Self.longestKey ? line.copy(start..<at) : nil
        } else if let name = key {
          note(name, line, start..<at)
          key = nil
        }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0, line[start] == UInt8(ascii: "[") { return }
        if depth == 1, isValue, let name = key {
          note(name, line, nil)
          key = nil
        }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: isValue = true
      case UInt8(ascii: ",") where depth == 1: isValue = false
      case 0x21...0x7E:
        guard depth == 1, isValue, let name = key else { continue }
        while at < end, Self.isLetter(line[at]) { at += 1 }
        note(name, line, start..<at)
        key = nil
      default: break
      }
    }
  }

  private static let longestKey = "\"jsonrpc\"".utf8.count

  private static func endOfString(_ line: Line, from start: Int, _ end: Int) -> Int {
    var at = start
    while at < end {
      if line[at] == UInt8(ascii: "\"") { return at + 1 }
      at += line[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return end
  }

  /// What a reader of doubles takes for an id: `1.0` may be why the line was refused, and meant 1.
  static func id(_ line: Line, _ range: Range<Int>) -> MessageID? {
    do throws(JSONError) {
      let node = try JSONReader.parse(line.copy(range))
      return MessageID(node) ?? node.number?.double.flatMap { MessageID(exactly: $0) }
    } catch {
      return nil
    }
  }

  /// What numbers, true, false and null are made of.
  static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
