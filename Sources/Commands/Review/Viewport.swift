/// Which part of a text that may be longer than the screen is shown.
struct Viewport: Equatable {
  private(set) var top = 0
  /// Whether the last line has been on the screen.
  private(set) var reachedEnd = false

  /// Takes note of what the next screen shows.
  mutating func fit(count: Int, height: Int) {
    top = max(0, min(top, count - height))
    if top + height >= count { reachedEnd = true }
  }

  /// - Returns: false where it is not a key that scrolls.
  mutating func move(_ key: Dialogue.Key, count: Int, height: Int) -> Bool {
    // One line stays, to go on reading from.
    let page = max(1, height - 1)
    switch key {
    case .down, .character(UInt8(ascii: "j")): top += 1
    case .up, .character(UInt8(ascii: "k")): top -= 1
    case .pageDown, .character(UInt8(ascii: " ")), .character(UInt8(ascii: "f")): top += page
    case .pageUp, .character(UInt8(ascii: "b")): top -= page
    case .top, .character(UInt8(ascii: "g")): top = 0
    case .bottom, .character(UInt8(ascii: "G")): top = count
    default: return false
    }
    top = max(0, min(top, count - height))
    return true
  }

  func range(count: Int, height: Int) -> Range<Int> { top..<max(top, min(count, top + height)) }
}
