import JSON
import MCP

extension Remains {
  /// Reads the root's last members backwards, for a line of which the beginning is lost or broken.
  mutating func readEnd(_ line: Line) {
    var at = Self.beforeSpace(line, line.count)
    guard at > 0, line[at - 1] == UInt8(ascii: "}") else { return }
    repeat {
      let valueEnd = Self.beforeSpace(line, at - 1)
      guard let valueStart = Self.beginning(ofValue: valueEnd, line) else { return }
      let colon = Self.beforeSpace(line, valueStart)
      guard colon > 0, line[colon - 1] == UInt8(ascii: ":") else { return }
      let keyEnd = Self.beforeSpace(line, colon - 1)
      guard let keyStart = Self.beginning(ofString: keyEnd, line) else { return }
      note(line.copy(keyStart..<keyEnd), line, valueStart..<valueEnd)
      at = Self.beforeSpace(line, keyStart)
    } while at > 0 && line[at - 1] == UInt8(ascii: ",")
  }

  /// The offset behind the last byte before `end` that is no white space.
  private static func beforeSpace(_ line: Line, _ end: Int) -> Int {
    var at = max(0, end)
    while at > 0, line[at - 1] <= 0x20 { at -= 1 }
    return at
  }

  private static func beginning(ofValue end: Int, _ line: Line) -> Int? {
    guard end > 0 else { return nil }
    switch line[end - 1] {
    case UInt8(ascii: "\""): return beginning(ofString: end, line)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): return beginning(ofNested: end, line)
    default:
      var at = end
      while at > 0, isLetter(line[at - 1]) { at -= 1 }
      return at < end ? at : nil
    }
  }

  private static func beginning(ofNested end: Int, _ line: Line) -> Int? {
    var depth = 0
    var at = end
    while at > 0 {
      switch line[at - 1] {
      case UInt8(ascii: "\""):
        guard let start = beginning(ofString: at, line) else { return nil }
        at = start
        continue
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth -= 1
      default: break
      }
      at -= 1
      if depth == 0 { return at }
    }
    return nil
  }

  /// A quote with an even number of backslashes before it opens what ends at `end`.
  private static func beginning(ofString end: Int, _ line: Line) -> Int? {
    guard end > 1, line[end - 1] == UInt8(ascii: "\"") else { return nil }
    var at = end - 1
    while at > 0 {
      at -= 1
      guard line[at] == UInt8(ascii: "\"") else { continue }
      var slashes = 0
      while at - slashes > 0, line[at - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
      if slashes % 2 == 0 { return at }
    }
    return nil
  }
}
