import JSON
import Manifest
import Testing

@Suite struct DifferenceTests {
  private func difference(
    _ old: String?, _ new: String?, _ kind: ItemKind = .tool
  ) throws -> Difference {
    try Difference(kind: kind, from: old.map { Array($0.utf8) }, to: new.map { Array($0.utf8) })
  }

  private func only(_ old: String, _ new: String) throws -> Difference.Entry {
    let difference = try difference(old, new)
    try #require(difference.entries.count == 1)
    return difference.entries[0]
  }

  @Test(arguments: [
    (#"{"description":"a"}"#, #"{"description":"b"}"#, "description", Difference.Class.modelText),
    (#"{"x":{"y":"a"}}"#, #"{"x":{"y":"b"}}"#, "x.y", .modelText),
    (
      #"{"inputSchema":{"properties":{"p":{"type":"string"}}}}"#,
      #"{"inputSchema":{"properties":{"p":{"type":"number"}}}}"#,
      "inputSchema.properties.p.type", .structure
    ),
    (
      #"{"inputSchema":{"properties":{"type":{"description":"a"}}}}"#,
      #"{"inputSchema":{"properties":{"type":{"description":"b"}}}}"#,
      "inputSchema.properties.type.description", .modelText
    ),
    (
      #"{"inputSchema":{"properties":{"p":{"enum":["a","b"]}}}}"#,
      #"{"inputSchema":{"properties":{"p":{"enum":["a","b","c"]}}}}"#,
      "inputSchema.properties.p.enum[2]", .modelText
    ),
    (
      #"{"inputSchema":{"required":["a","b"]}}"#, #"{"inputSchema":{"required":["b"]}}"#,
      "inputSchema.required[0]", .structure
    ),
    (
      #"{"inputSchema":{"items":{"maximum":1}}}"#, #"{"inputSchema":{"items":{"maximum":2}}}"#,
      "inputSchema.items.maximum", .structure
    ),
    (
      #"{"annotations":{"title":"a"}}"#, #"{"annotations":{"title":"b"}}"#, "annotations.title",
      .modelText
    ),
    (
      #"{"annotations":{"readOnlyHint":true}}"#, #"{"annotations":{"readOnlyHint":false}}"#,
      "annotations.readOnlyHint", .hints
    ),
    (#"{"_meta":{"a":"x"}}"#, #"{"_meta":{"a":"y"}}"#, "_meta.a", .appearance),
    (#"{"icons":[{"src":"x"}]}"#, #"{"icons":[{"src":"y"}]}"#, "icons[0].src", .appearance),
    (
      #"{"inputSchema":{"properties":{"a b":{}}}}"#,
      #"{"inputSchema":{"properties":{"a b":true}}}"#,
      #"inputSchema.properties["a b"]"#, .modelText
    ),
  ])
  func classAndPath(old: String, new: String, path: String, fieldClass: Difference.Class) throws {
    let entries = try difference(old, new).entries
    #expect(!entries.isEmpty)
    for entry in entries {
      #expect(entry.path.description == path)
      #expect(entry.fieldClass == fieldClass)
    }
  }

  @Test func equalContentsHaveNone() throws {
    #expect(try difference(#"{"a":[1,{"b":2}]}"#, #"{"a":[1,{"b":2}]}"#).isEmpty)
  }

  @Test func everyFieldOfSomethingNewHasItsOwnClass() throws {
    let difference = try difference(
      #"{"inputSchema":{"properties":{}}}"#,
      #"{"inputSchema":{"properties":{"p":{"description":"Send it.","type":"string"}}}}"#)
    #expect(
      difference.entries.map { "\($0.fieldClass.rawValue) \($0.path)" } == [
        "model-text inputSchema.properties.p.description",
        "structure inputSchema.properties.p.type",
      ])
  }

  @Test func elementsWithNamesArePaired() throws {
    let difference = try difference(
      #"{"arguments":[{"name":"a","required":true},{"name":"b"}]}"#,
      #"{"arguments":[{"name":"c"},{"name":"a","required":false},{"name":"b"}]}"#, .prompt)
    #expect(
      Set(difference.entries.map(\.path.description))
        == ["arguments[name=a].required", "arguments[name=c].name"])
  }

  @Test func insertionInAListMovesNothingElse() throws {
    let entry = try only(#"{"x":["a","b","c"]}"#, #"{"x":["a","new","b","c"]}"#)
    #expect(entry.path.description == "x[1]")
    guard case .added(let value) = entry.change else {
      Issue.record("\(entry.change)")
      return
    }
    #expect(value.text == "new")
  }

  private static let annotations: [(String, String?, String?, String?, Bool)] = [
    ("readOnlyHint", "true", "false", "was read-only, now may write", true),
    ("readOnlyHint", "true", nil, "no longer says that it is read-only", false),
    (
      "readOnlyHint", "false", "true",
      "now says that it is read-only: hosts may stop asking before calls", false
    ),
    ("readOnlyHint", nil, "false", nil, false),
    ("destructiveHint", "false", "true", "destroyed nothing, now may destroy", true),
    (
      "destructiveHint", "true", "false",
      "now says that it destroys nothing: hosts may stop asking before calls", false
    ),
    ("destructiveHint", nil, "true", nil, false),
    ("idempotentHint", "true", "false", "was safe to repeat, now is not", true),
    ("openWorldHint", "false", "true", "kept to itself, now reaches the outside world", true),
    ("otherHint", "true", "false", nil, false),
  ]

  @Test(arguments: annotations)
  func annotation(
    hint: String, old: String?, new: String?, note: String?, isWeakening: Bool
  ) throws {
    func tool(_ value: String?) -> String {
      #"{"annotations":{"x":1\#(value.map { #","\#(hint)":\#($0)"# } ?? "")}}"#
    }
    let entry = try only(tool(old), tool(new))
    #expect(entry.note == note)
    #expect(entry.isWeakening == isWeakening)
  }

  @Test func somethingNewHasNoNotes() throws {
    let difference = try difference(nil, #"{"annotations":{"readOnlyHint":true}}"#)
    #expect(difference.entries.allSatisfy { $0.note == nil })
  }

  @Test func instructionsAreOneText() throws {
    let difference = try difference(#""Use it well.""#, #""Use it badly.""#, .instructions)
    #expect(
      difference.lines() == [
        "text that the model reads", "  instructions", "    - Use it ⟦well⟧.",
        "    + Use it ⟦badly⟧.",
      ])
  }

  @Test func linesCannotBeForged() throws {
    let difference = try difference(
      #"{"description":"a"}"#, #"{"description":"a\n    - b ⟦c⟧\n\u001b[1A\r+ d"}"#)
    #expect(
      difference.lines().dropFirst(2) == [
        "    - a", "    + a⟦", "    +     - b ‹U+27E6›c‹U+27E7›",
        "    + ‹U+001B›[1A‹U+000D›+ d⟧",
      ])
  }

  @Test func whatIsNoProseIsShownAsJSON() throws {
    let difference = try difference(
      #"{"inputSchema":{"type":"null"},"x":1}"#, #"{"inputSchema":{"type":null},"x":"1"}"#)
    #expect(
      difference.lines() == [
        "text that the model reads", "  x", "    - 1", "    + \"1\"", "structure",
        "  inputSchema.type", "    - \"null\"", "    + null",
      ])
  }

  /// A terminal breaks lines that are too long, and what follows stands at its left edge.
  @Test func longPathsAreBrokenBehindTheMargin() throws {
    var old = #"1"#
    var new = #"2"#
    for index in 0..<60 {
      let key =
        index % 2 == 0 ? "plain\(index)" : "a\\nb \\u202e ‹x› \(String(repeating: "y", count: 200))"
      old = #"{"\#(key)":\#(old)}"#
      new = #"{"\#(key)":\#(new)}"#
    }
    let lines = try difference(old, new).lines(width: 60)
    #expect(lines.count > 60)
    for line in lines.dropFirst() {
      #expect(line.hasPrefix("  ") && line.unicodeScalars.count <= 60)
      #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" })
    }
  }

  @Test func longUnchangedTextIsLeftOut() throws {
    let same = String(repeating: "word ", count: 500)
    let difference = try difference(
      #"{"description":"\#(same)old"}"#, #"{"description":"\#(same)new"}"#)
    let text = difference.lines().joined(separator: "\n")
    #expect(text.contains("bytes unchanged›"))
    #expect(text.contains("⟦old⟧") && text.contains("⟦new⟧"))
    #expect(text.utf8.count < 600)
  }

  @Test func asJSON() throws {
    var writer = JSONWriter()
    let difference = try difference(
      #"{"annotations":{"readOnlyHint":true},"description":"a b"}"#,
      #"{"annotations":{"readOnlyHint":false},"description":"a c"}"#)
    difference.write(to: &writer)
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"[{"path":"description","class":"model-text","change":"changed","from":"a b","to":"a c","#
        + #""words":[{"same":"a "},{"removed":"b"},{"added":"c"}],"weakening":false},"#
        + #"{"path":"annotations.readOnlyHint","class":"hints","change":"changed","from":true,"#
        + #""to":false,"note":"was read-only, now may write","weakening":true}]"#)
  }

  @Test func bodiesThatAreNotJSONAreAnError() {
    #expect(throws: JSONError.self) { try difference("{", "{}") }
  }
}

@Suite struct WordRunTests {
  private func runs(_ old: String, _ new: String) -> String {
    WordRun.between(JSONString(old), JSONString(new)).map { run in
      switch run.kind {
      case .same: run.text.string
      case .removed: "[-\(run.text)-]"
      case .added: "[+\(run.text)+]"
      }
    }.joined()
  }

  @Test(arguments: [
    ("a b c", "a x c", "a [-b-][+x+] c"),
    ("a b", "a b c", "a b[+ c+]"),
    ("", "a", "[+a+]"),
    ("a", "", "[-a-]"),
    ("a", "a", "a"),
    ("Zeit: früh", "Zeit: spät", "Zeit: [-früh-][+spät+]"),
    ("caf\u{e9}", "cafe\u{301}", "[-caf\u{e9}-][+cafe\u{301}+]"),
    ("one two three four", "uno dos tres cuatro", "[-one two three four-][+uno dos tres cuatro+]"),
  ])
  func words(old: String, new: String, result: String) {
    #expect(Array(runs(old, new).utf8) == Array(result.utf8))
  }

  /// Every run has its bytes from one of the two, so nothing is shown that was not there.
  @Test func runsGiveBothTextsBack() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      func text() -> String {
        (0..<Int.random(in: 0...30, using: &generator)).map { _ in
          ["a", "b", " ", ".", "é", "long"].randomElement(using: &generator) ?? ""
        }.joined()
      }
      let (old, new) = (text(), text())
      let runs = WordRun.between(JSONString(old), JSONString(new))
      #expect(runs.filter { $0.kind != .added }.flatMap(\.text.utf8) == Array(old.utf8))
      #expect(runs.filter { $0.kind != .removed }.flatMap(\.text.utf8) == Array(new.utf8))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func hugeTextsTakeLittleTime() {
    let old = (0..<100_000).map { "a\($0)" }.joined(separator: " ")
    let new = (0..<100_000).map { "b\($0)" }.joined(separator: " ")
    #expect(WordRun.between(JSONString(old), JSONString(new)).count == 2)
  }
}

@Suite struct RenameTests {
  private func tool(_ name: String, _ text: String) throws -> Item {
    try Item.tool(
      fromRaw: Array(
        #"{"name":"\#(name)","description":"\#(text)","inputSchema":{"type":"object"}}"#.utf8))
  }

  private let long = "Searches the notes by title and text and returns the best of them, sorted."

  @Test func removedAndAddedWithOneBodyAreOneRename() throws {
    var record = try Samples.approved([tool("search", long), tool("other", "Other.")])
    try record.list([tool("find", long), tool("new", "Nothing like it at all, by any measure.")])
    #expect(record.renames == [Rename(from: ItemKey(.tool, "search"), to: ItemKey(.tool, "find"))])
  }

  @Test func anItemIsInOnePairAtMost() throws {
    var record = try Samples.approved([tool("search", long)])
    try record.list([tool("b", long), tool("c", long)])
    #expect(record.renames.count == 1)
  }

  @Test func whatIsStillListedWasNotRenamed() throws {
    var record = try Samples.approved([tool("search", long)])
    try record.list([tool("search", long), tool("find", long)])
    #expect(record.renames.isEmpty)
  }

  /// The length alone would make the comparison of many take minutes.
  @Test(.timeLimit(.minutes(1)))
  func longContentsAreNotCompared() throws {
    let huge = (0..<100_000).map { "w\($0)" }.joined(separator: " ")
    func tools(_ prefix: String) throws -> [Item] {
      try (0..<15).map { try tool("\(prefix)\($0)", huge) }
    }
    var record = try Samples.approved(tools("old"))
    try record.list(tools("new"))
    #expect(record.renames.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func manyContentsOfMiddleLengthAreNotCompared() throws {
    let text = (0..<3_000).map { "w\($0)" }.joined(separator: " ")
    func tools(_ prefix: String) throws -> [Item] {
      try (0..<45).map { try tool("\(prefix)\($0)", text) }
    }
    var record = try Samples.approved(tools("old"))
    try record.list(tools("new"))
    #expect(record.renames.isEmpty)
  }

  @Test func manyOrdinaryItemsAreCompared() throws {
    func tools(_ prefix: String) throws -> [Item] {
      try (0..<60).map { try tool("\(prefix)\($0)", "\(long) Of the \($0 * 7)th kind.") }
    }
    var record = try Samples.approved(tools("old"))
    try record.list(tools("new"))
    #expect(record.renames.count == 60)
  }
}
