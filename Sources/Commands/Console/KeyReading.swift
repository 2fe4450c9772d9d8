/// Which key some bytes from a terminal are.
enum KeyReading {
  /// Only bytes that are exactly one key are that key: a function key that is not known may end in
  /// a letter, and a paste may hold one. A scrolling key that is held down counts once.
  static func key(_ bytes: [UInt8]) -> Dialogue.Key {
    guard let first = bytes.first, first != 3, first != 4 else { return .end }
    if bytes.count == 1 { return first == 0x1B ? .escape : .character(first) }
    for (sequence, key) in sequences where isRepeated(Array(sequence.utf8), in: bytes) {
      return key
    }
    for scrolling in "jk " where isRepeated(Array(String(scrolling).utf8), in: bytes) {
      return .character(first)
    }
    return .sequence
  }

  /// The terminal's mark before a paste, where it was asked for them (bracketed paste).
  static let pasteBegins = Array("\u{1B}[200~".utf8)
  static let pasteEnds = Array("\u{1B}[201~".utf8)

  /// Whether more bytes of the same key are on their way.
  static func isIncomplete(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: pasteBegins) { return !bytes.suffix(6).elementsEqual(pasteEnds) }
    return bytes.first == 0x1B && bytes.count <= 6
      && (bytes.count == 1 || !(0x40...0x7E).contains(bytes[bytes.count - 1]) || bytes.count == 2)
  }

  private static func isRepeated(_ one: [UInt8], in bytes: [UInt8]) -> Bool {
    bytes.count.isMultiple(of: one.count)
      && bytes.indices.allSatisfy { bytes[$0] == one[$0 % one.count] }
  }

  /// As xterm and those that follow it send them, in both cursor key modes.
  private static let sequences: [(String, Dialogue.Key)] = [
    ("\u{1B}[A", .up), ("\u{1B}OA", .up), ("\u{1B}[B", .down), ("\u{1B}OB", .down),
    ("\u{1B}[C", .right), ("\u{1B}OC", .right), ("\u{1B}[D", .left), ("\u{1B}OD", .left),
    ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown),
    ("\u{1B}[H", .top), ("\u{1B}OH", .top), ("\u{1B}[1~", .top), ("\u{1B}[7~", .top),
    ("\u{1B}[F", .bottom), ("\u{1B}OF", .bottom), ("\u{1B}[4~", .bottom), ("\u{1B}[8~", .bottom),
  ]
}
