/// How much of long text is left out; how much that is, is always said.
public enum Folding: Equatable, Sendable {
  /// Nothing.
  case nothing
  /// Of text that changed, what stayed the same far from any change.
  case unchanged
  /// Also the middle of any long value, and fields beyond a number of lines. The screen that asks:
  /// it has to be read, and what is left out can be opened.
  case long

  /// Lines of one value: about as many as a small terminal shows.
  private static let valueLimit = (all: 30, head: 18, tail: 6)

  /// The middle of many lines becomes one that says how many they are.
  func applied(to lines: [StyledLine], bytes: Int, width: Int) -> [StyledLine] {
    let limit = Folding.valueLimit
    guard self == .long, lines.count > limit.all else { return lines }
    let left = lines.count - limit.head - limit.tail
    let mark = Folding.mark("\(left) lines folded, \(bytes) bytes in all", width: width)
    return Array(lines[..<limit.head]) + mark + Array(lines[(lines.count - limit.tail)...])
  }

  /// What says that something was left out.
  static func mark(_ text: String, width: Int) -> [StyledLine] {
    Rendering.wrapped([.own(Rendering.open + text + Rendering.close, .folded)], width: width)
  }
}
