import Testing

@testable import Profile

/// What a profile says of definitions, of launches and of asking the user.
@Suite struct ApprovalFieldTests {
  static let strict = #"""
    {
      "manifest": {
        "text": "report", "structure": "report", "annotations": "report", "appearance": "report",
        "resources": "withhold", "findings": "withhold",
      },
      "launch": "ask",
      "approval": { "elicitation": "allow", "program": ["~/bin/ask", "--title", "a b", ""] },
      "timeouts": { "approval": "90s" },
    }
    """#

  /// What one file says, whether or not this build carries it out.
  private func layer(
    _ text: String, trust: ProfileTrust = .named
  ) throws -> ProfileLayer {
    let source = SourceText(name: "/x.jsonc", bytes: Array(text.utf8))
    return try Fixture().loader().decoder(for: #require(Fixture.server), trust: trust)
      .decode(FileReader.root(of: source), in: .profile)
  }

  private func failure(_ text: String, trust: ProfileTrust = .named) -> ProfileError? {
    Fixture.failure { _ = try layer(text, trust: trust) }
  }

  @Test func everyOneIsRead() throws {
    let layer = try layer(Self.strict)
    #expect(layer.manifest.text?.value == .report)
    #expect(layer.manifest.structure?.value == .report)
    #expect(layer.manifest.annotations?.value == .report)
    #expect(layer.manifest.appearance?.value == .report)
    #expect(layer.manifest.resources?.value == .withhold)
    #expect(layer.manifest.findings?.value == .withhold)
    #expect(layer.launch?.value == .ask)
    #expect(layer.elicitation?.value == .allow)
    let program = ApprovalProgram(
      path: "/home/ada/bin/ask", arguments: ["--title", "a b", ""])
    #expect(layer.approvalProgram?.value == program)
    #expect(layer.approvalProgram?.origin.description == "/x.jsonc:7")
    #expect(layer.flow[.approval].value == 90)
  }

  @Test func nothingPassesWhereNothingIsSaid() throws {
    let profile = try Fixture().resolve()
    let manifest = profile.manifest
    #expect(
      [manifest.text, manifest.structure, manifest.appearance].map(\.value) == [
        .withhold, .withhold, .withhold,
      ])
    #expect(manifest.annotations.value == .weakening)
    #expect(manifest.resources.value == .report)
    #expect(manifest.findings.value == .show)
    #expect(profile.launch.value == .trust)
    #expect(profile.approval.elicitation.value == .deny)
    #expect(profile.approval.program == nil)
    #expect(profile.flow[.approval].value == 300)
  }

  @Test func aLaterLayerReplacesOneByOne() throws {
    var merge = Merge()
    try merge.add(layer(Self.strict))
    try merge.add(
      layer(
        #"""
        {
          "manifest": { "text": "withhold" }, "approval": { "program": ["/ask"] },
          "launch": "trust",
        }
        """#))
    #expect(merge.sum.manifest.text?.value == .withhold)
    #expect(merge.sum.manifest.structure?.value == .report)
    #expect(merge.sum.launch?.value == .trust)
    #expect(merge.sum.elicitation?.value == .allow)
    #expect(merge.sum.approvalProgram?.value == ApprovalProgram(path: "/ask", arguments: []))
  }

  @Test func eachIsExplained() throws {
    let lines = try Fixture().resolve().explanations
    let fields = [
      "manifest.text", "manifest.structure", "manifest.annotations", "manifest.appearance",
      "manifest.resources", "manifest.findings", "launch", "approval.elicitation",
      "timeouts.approval",
    ]
    #expect(fields.allSatisfy { field in lines.contains { $0.field == field } })
    let program = ApprovalProgram(path: "/a b", arguments: ["\u{1B}[2J"])
    #expect(program.description == #""/a b" "‹U+001B›[2J""#)
  }

  @Test func aProfileNamedByItsPathNamesNoProgram() {
    let text = #"{ "approval": { "program": ["/bin/true"] } }"#
    #expect(failure(text, trust: .path)?.reason == .programNotAllowed)
    #expect(failure(text, trust: .named) == nil)
  }

  static let wrong: [Case<String, ProfileError.Reason>] = [
    Case("no rule", #""manifest": { "text": "allow" }"#, .impossibleValue),
    Case("a rule of another class", #""manifest": { "structure": "weakening" }"#, .impossibleValue),
    Case("not a word", #""manifest": { "findings": true }"#, .wrongType),
    Case("a misspelt class", #""manifest": { "texts": "report" }"#, .unknownKey),
    Case("no such launch", #""launch": "deny""#, .impossibleValue),
    Case("a question", #""approval": { "elicitation": "ask" }"#, .impossibleValue),
    Case("a word for a program", #""approval": { "program": "/bin/ask" }"#, .wrongType),
    Case("no program", #""approval": { "program": [] }"#, .impossibleValue),
    Case("a bare name", #""approval": { "program": ["zenity"] }"#, .badPath),
    Case("the root", #""approval": { "program": ["/"] }"#, .badPath),
    Case("a way up", #""approval": { "program": ["/opt/../ask"] }"#, .badPath),
    Case("a zero byte", #""approval": { "program": ["/a", "b\u0000"] }"#, .impossibleValue),
    Case("no time", #""timeouts": { "approval": "0s" }"#, .badDuration),
  ]

  @Test(arguments: wrong)
  func whatMakesNoSenseIsAnError(_ sample: Case<String, ProfileError.Reason>) throws {
    let error = try #require(failure("{ \(sample.input) }"))
    #expect(error.reason == sample.expected)
    #expect(error.position?.line == 1)
  }
}
