import JSON
import Manifest
import Testing

@Suite struct ChangePolicyTests {
  private static let base =
    #""description":"Reads.","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true},"#
    + #""_meta":{"a":1}"#

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let old: String
    let new: String
    /// The policies under which the change passes.
    let passes: Set<String>
    var testDescription: String { name }
  }

  private static let cases = [
    Case(name: "text", old: "Reads.", new: "Writes.", passes: ["text", "everything"]),
    Case(
      name: "structure", old: #""type":"object""#, new: #""type":"array""#,
      passes: ["structure", "everything"]),
    Case(
      name: "appearance", old: #"{"a":1}"#, new: #"{"a":2}"#, passes: ["appearance", "everything"]),
    Case(
      name: "weakened hint", old: "true", new: "false", passes: ["annotations", "everything"]),
    Case(
      name: "omitted hint", old: #"{"readOnlyHint":true}"#, new: "{}",
      passes: [
        "default", "text", "structure", "annotations", "appearance", "everything",
      ]),
    Case(
      name: "promised hint", old: #"{"readOnlyHint":true}"#,
      new: #"{"readOnlyHint":true,"destructiveHint":false}"#,
      passes: ["annotations", "everything"]),
    Case(
      name: "title among the hints", old: #"{"readOnlyHint":true}"#,
      new: #"{"readOnlyHint":true,"title":"x"}"#, passes: ["text", "everything"]),
    Case(
      name: "text and structure", old: #""Reads.","inputSchema":{"type":"object"}"#,
      new: #""Writes.","inputSchema":{"type":"array"}"#, passes: ["everything"]),
    Case(
      name: "omitted hint and text",
      old: #""Reads.","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}"#,
      new: #""Writes.","inputSchema":{"type":"object"}"#, passes: ["text", "everything"]),
  ]

  private static let policies: [String: ChangePolicy] = [
    "default": ChangePolicy(), "text": ChangePolicy(text: .report),
    "structure": ChangePolicy(structure: .report),
    "annotations": ChangePolicy(annotations: .report),
    "appearance": ChangePolicy(appearance: .report),
    "strict": ChangePolicy(annotations: .withhold),
    "everything": ChangePolicy(
      text: .report, structure: .report, annotations: .report, appearance: .report),
  ]

  private func tool(_ rest: String) throws -> Item {
    try Item.tool(fromRaw: Array(#"{"name":"a",\#(rest)}"#.utf8))
  }

  @Test(arguments: cases) func passesWhereAllOfItMay(_ test: Case) throws {
    let old = try tool(Self.base)
    let new = try tool(Self.base.replacing(test.old, with: test.new))
    try #require(old != new)
    for (name, policy) in Self.policies {
      var record = try Samples.approved([old])
      let observation = try record.observe(
        kind: .tool, items: [new], firstUse: .ask, policy: policy, by: Samples.cordon)
      let passes = test.passes.contains(name)
      #expect(observation.passed.map(\.digest) == (passes ? [new.digest] : []), "\(name)")
      #expect(observation.changed.map(\.digest) == (passes ? [] : [new.digest]), "\(name)")
      #expect(
        record.pins.state(new.key, new.digest) == (passes ? .approved : .waiting), "\(name)")
    }
  }

  @Test func passingIsADecisionOfARule() throws {
    let old = try tool(Self.base)
    let new = try tool(Self.base.replacing("Reads.", with: "Writes."))
    var record = try Samples.approved([old])
    _ = try record.observe(
      kind: .tool, items: [new], firstUse: .ask, policy: ChangePolicy(text: .report),
      by: Samples.cordon)
    let entry = try #require(record.history.last)
    #expect(entry.action == .approved)
    #expect(entry.origin.who == "cordon" && entry.origin.how == "policy")
    #expect(entry.digest == new.digest && entry.from == old.digest)
  }

  private let everything = policies["everything"] ?? ChangePolicy()

  @Test func newAndRejectedNeverPass() throws {
    let old = try tool(Self.base)
    let new = try tool(Self.base.replacing("Reads.", with: "Writes."))
    var record = try Samples.approved([old])
    try record.list([new])
    _ = try record.reject(new.key, digest: new.digest, by: Samples.person)
    let observation = try record.observe(
      kind: .tool, items: [new, Samples.tool("b")], firstUse: .ask, policy: everything,
      by: Samples.cordon)
    #expect(observation.passed.isEmpty)
    #expect(observation.rejected == [Pin(new.key, new.digest)])
    #expect(observation.new.map(\.key.name) == ["b"])
  }

  @Test func whatLooksLikeAnotherIsApprovedByNoRule() throws {
    for twin: JSONString in ["Read_File", "read_fi1e", "r\u{435}ad_file", "read\u{200B}_file"] {
      var record = ServerRecord()
      let items = try [
        Samples.tool("read_file"), Samples.tool(twin.string), Samples.tool("write_file"),
      ]
      let first = try record.observe(
        kind: .tool, items: items, firstUse: .trust, by: Samples.cordon)
      #expect(first.trusted.map(\.key.name) == ["write_file"], "\(twin)")
      #expect(record.waitingCount == 2)

      record = try Samples.approved([items[0]])
      _ = try record.observe(kind: .tool, items: items, firstUse: .ask, by: Samples.cordon)
      _ = try record.approve(items[1].key, digest: items[1].digest, by: Samples.person)
      let changed = try Samples.tool(twin.string, "Something else.")
      let observation = try record.observe(
        kind: .tool, items: [changed], firstUse: .ask, policy: everything, by: Samples.cordon)
      #expect(observation.passed.isEmpty && observation.changed.count == 1, "\(twin)")
    }
  }

  @Test func findingsKeepARuleFromApprovingWhereThePolicySaysSo() throws {
    let clean = try Samples.tool("a")
    let hidden = try Samples.tool("b", "Does\u{200B} it.")
    for (rule, trusted) in [
      (ChangePolicy.FindingRule.show, ["a", "b"]), (.withhold, ["a"]),
    ] {
      var record = ServerRecord()
      let observation = try record.observe(
        kind: .tool, items: [clean, hidden], firstUse: .trust,
        policy: ChangePolicy(findings: rule), by: Samples.cordon)
      #expect(observation.trusted.map(\.key.name.string) == trusted)

      var approved = try Samples.approved([clean])
      let changed = try Samples.tool("a", "Does it\u{202E}.")
      let later = try approved.observe(
        kind: .tool, items: [changed], firstUse: .ask,
        policy: ChangePolicy(text: .report, findings: rule), by: Samples.cordon)
      #expect(later.passed.isEmpty == (rule == .withhold))
    }
  }
}
