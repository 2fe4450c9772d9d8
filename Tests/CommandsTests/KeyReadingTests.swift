import Testing

@testable import Commands

@Suite struct KeyReadingTests {
  @Test(arguments: [
    ("a", Dialogue.Key.character(0x61)), ("\n", .character(0x0A)), ("\u{1B}", .escape),
    ("\u{3}", .end), ("\u{4}", .end), ("", .end),
    ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[C", .right), ("\u{1B}OD", .left),
    ("\u{1B}[5~", .pageUp), ("\u{1B}[6~", .pageDown), ("\u{1B}[H", .top), ("\u{1B}[4~", .bottom),
    // Held down.
    ("\u{1B}[B\u{1B}[B\u{1B}[B", .down), ("jjjj", .character(0x6A)), ("   ", .character(0x20)),
    // A paste, and function keys that end in a letter.
    ("aa", .sequence), ("a\n", .sequence), ("ja", .sequence), ("\u{1B}a", .sequence),
    ("\u{1B}Oa", .sequence), ("\u{1B}[a", .sequence), ("\u{1B}[1;5A", .sequence),
    ("\u{1B}[A\u{1B}[B", .sequence), ("\u{1B}[Aa", .sequence), ("ä", .sequence),
    ("\u{1B}[200~a\u{1B}[201~", .sequence), ("\u{1B}[200~", .sequence),
  ])
  func keys(_ typed: String, _ key: Dialogue.Key) {
    #expect(KeyReading.key(Array(typed.utf8)) == key)
  }

  @Test(arguments: [
    ("\u{1B}", true), ("\u{1B}O", true), ("\u{1B}[", true), ("\u{1B}[5", true),
    ("\u{1B}[5~", false), ("\u{1B}[A", false), ("a", false), ("\u{1B}[200~", true),
    ("\u{1B}[200~aaaaaaaaa", true), ("\u{1B}[200~a\u{1B}[201~", false),
  ])
  func whatHasOnlyBegun(_ typed: String, _ isIncomplete: Bool) {
    #expect(KeyReading.isIncomplete(Array(typed.utf8)) == isIncomplete)
  }
}
