import JSON
import MCP

/// Finds which request a refused line would have answered.
///
/// The line is broken or cut, so this is a guess: all that follows from it is that the request is
/// answered with an error.
enum AnswerID {
  /// Some servers write the id before what it answers, some behind it.
  static func find(in line: Line) -> MessageID? {
    fromStart(line) ?? fromEnd(line)
  }

  private static func fromStart(_ line: Line) -> MessageID? {
    let end = line.count
    var depth = 0
    var at = 0
    var isValue = false
    var isID = false
    while at < end {
      let start = at
      at += 1
      switch line[start] {
      case UInt8(ascii: "\""):
        at = endOfString(line, from: at, end)
        if depth == 1, !isValue { isID = line.copy(start..<at) == Array("\"id\"".utf8) }
        if depth == 1, isValue, isID { return id(line, start..<at) }
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: isValue = true
      case UInt8(ascii: ",") where depth == 1: isValue = false
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        guard depth == 1, isValue, isID else { continue }
        while at < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[at]) { at += 1 }
        return id(line, start..<at)
      default: break
      }
    }
    return nil
  }

  private static func endOfString(_ line: Line, from start: Int, _ end: Int) -> Int {
    var at = start
    while at < end {
      if line[at] == UInt8(ascii: "\"") { return at + 1 }
      at += line[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return end
  }

  static func id(_ line: Line, _ range: Range<Int>) -> MessageID? {
    do throws(JSONError) {
      return MessageID(try JSONReader.parse(line.copy(range)))
    } catch {
      return nil
    }
  }
}
