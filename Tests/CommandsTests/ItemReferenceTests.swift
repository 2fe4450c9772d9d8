import Digest
import JSON
import Manifest
import Testing

@testable import Commands

@Suite struct ItemReferenceTests {
  static let digest = String(repeating: "0a", count: 32)

  @Test(arguments: [
    (ItemKind.tool, "search", "tool:search"), (.tool, "", "tool:"), (.launch, "", "launch"),
    (.tool, "a b", "tool:a%20b"), (.tool, "a:b@c", "tool:a:b%40c"), (.tool, "50%", "tool:50%25"),
    (.tool, "%41", "tool:%2541"), (.tool, "é", "tool:%C3%A9"), (.tool, "e\u{301}", "tool:e%CC%81"),
    (.resourceTemplate, "file:///{path}", "resource-template:file:///%7Bpath%7D"),
    (.prompt, "$(reboot)`x`'\"\\", "prompt:%24%28reboot%29%60x%60%27%22%5C"),
    (.tool, "\u{1B}[2J\n", "tool:%1B%5B2J%0A"),
  ])
  func pastesBack(_ kind: ItemKind, _ name: String, _ text: String) throws {
    let digest = try #require(Digest(hex: Self.digest))
    let reference = ItemReference(Pin(ItemKey(kind, JSONString(name)), digest))
    #expect(reference.text == "\(text)@\(Self.digest)")
    #expect(try ItemReference(parsing: reference.text) == reference)
  }

  /// Names are compared by their bytes: `é` in one code point and in two are two tools.
  @Test func spellingsOfOneLetterStayApart() throws {
    let one = try ItemReference(parsing: "tool:\u{E9}@\(Self.digest)")
    let two = try ItemReference(parsing: "tool:e\u{301}@\(Self.digest)")
    #expect(one != two)
  }

  @Test func unencodedNamesAreTakenToo() throws {
    let reference = try ItemReference(parsing: "tool:a b@c@\(Self.digest)")
    #expect(reference.pin.key.name == "a b@c")
    #expect(try ItemReference(parsing: "launch:@\(Self.digest)").pin.key == ItemKey(.launch))
  }

  @Test(arguments: [
    "tool:a", "tool:a@", "tool:a@\(digest)0", "tool:a@\(digest.dropLast())",
    "tool:a@\(digest.uppercased())", "tool@\(digest)", "launch:x@\(digest)", "@\(digest)",
    "Tool:a@\(digest)", "tool:%@\(digest)", "tool:%4@\(digest)", "tool:%zz@\(digest)", "",
  ])
  func refused(_ text: String) {
    let error = #expect(throws: CommandError.self) { try ItemReference(parsing: text) }
    #expect(error?.exitCode == .usage)
  }
}
