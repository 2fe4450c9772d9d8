import Testing

@testable import Profile

/// `protocol` in a profile: what of MCP may be used.
@Suite struct ProtocolTests {
  private func rules(_ text: String) throws -> ResolvedProfile.ProtocolRules {
    try Fixture(files: ["/x.jsonc": #"{ "protocol": { \#(text) } }"#]).resolve(["/x.jsonc"])
      .protocolRules
  }

  @Test func whereNothingIsSaidTheProtocolIsAllowedAndNoExtension() throws {
    let rules = try Fixture().resolve().protocolRules
    #expect(rules.denied.isEmpty)
    #expect(rules.extensions.isEmpty)
  }

  @Test(arguments: Capability.allCases)
  func eachIsDeniedByItself(_ capability: Capability) throws {
    #expect(try rules(#""\#(capability.rawValue)": "deny""#).denied == [capability])
  }

  @Test func aLaterLayerDecidesOneByOneAndExtensionsAddUp() throws {
    let fixture = Fixture(files: [
      "/p/low.jsonc": #"""
      { "protocol": { "sampling": "deny", "tasks": "deny", "extensions": ["b/two", "a/one"] } }
      """#,
      "/p/high.jsonc": #"""
      { "extends": "low", "protocol": { "sampling": "allow", "extensions": ["a/one", "c/é"] } }
      """#,
      "/p/high2.jsonc": #"""
      { "extends": "low", "protocol": { "sampling": "allow", "extensions": ["a/one"] } }
      """#,
    ])
    let rules = try fixture.resolve(["high2"]).protocolRules
    #expect(rules.denied == [.tasks])
    #expect(rules.extensions.map(\.value) == ["a/one", "b/two"])
    #expect(rules.extensions.map(\.origins.count) == [2, 1])
    #expect(rules[.sampling].origin.description == "/p/high2.jsonc:1")
    #expect(rules[.roots].origin == .builtIn)
    #expect(Fixture.failure { _ = try fixture.resolve(["high"]) }?.reason == .badName)
  }

  @Test func aServersDefinitionHasItToo() throws {
    let fixture = Fixture(files: [
      "/s/notes.jsonc": #"{ "command": "x", "protocol": { "elicitation": "deny" } }"#
    ])
    #expect(try fixture.resolve().protocolRules.denied == [.elicitation])
  }

  @Test func itIsExplained() throws {
    let fixture = Fixture(files: [
      "/x.jsonc": #"{ "protocol": { "logging": "deny", "extensions": ["io.example/x"] } }"#
    ])
    let lines = try fixture.resolve(["/x.jsonc"]).explanations.filter {
      $0.field.hasPrefix("protocol")
    }
    #expect(
      lines.map { "\($0.field) \($0.value) \($0.origins)" } == [
        "protocol.sampling allow [built in]", "protocol.elicitation allow [built in]",
        "protocol.roots allow [built in]", "protocol.logging deny [/x.jsonc:1]",
        "protocol.tasks allow [built in]", "protocol.extensions io.example/x [/x.jsonc:1]",
      ])
  }

  static let wrong: [Case<String, (reason: ProfileError.Reason, column: Int, hint: String?)>] = [
    Case(
      "no such word", #""sampling": "denny""#,
      (.impossibleValue, 29, #"did you mean "deny""#)),
    Case(
      "no such capability", #""loging": "deny""#,
      (.unknownKey, 17, #"did you mean "logging""#)),
    Case(
      "not a word", #""tasks": false"#, (.wrongType, 26, nil)),
    Case(
      "not a list", #""extensions": "a/b""#, (.wrongType, 31, nil)),
    Case(
      "not a name", #""extensions": ["a/b", "a b"]"#,
      (
        .badName, 39,
        #"1 to 256 characters of ASCII without spaces, as in "io.modelcontextprotocol/ui""#
      )),
    Case(
      "all of them", #""extensions": ["*"]"#,
      (.badName, 32, "name each: one can carry definitions that nobody reviews")),
    Case(
      "a capability", #""extensions": ["sampling"]"#,
      (
        .badName, 32, #"it has a field of its own: "protocol": { "sampling": "allow" }"#
      )),
    Case(
      "what everybody has", #""extensions": ["tools"]"#,
      (.badName, 32, "it is a part of the protocol and needs no name here")),
  ]

  @Test(arguments: wrong)
  func isRefusedWithItsPlace(
    _ sample: Case<String, (reason: ProfileError.Reason, column: Int, hint: String?)>
  ) throws {
    let error = try #require(Fixture.failure(of: #"{ "protocol": { \#(sample.input) } }"#))
    #expect(error.reason == sample.expected.reason)
    #expect(error.position?.line == 1)
    #expect(error.position?.column == sample.expected.column)
    #expect(error.hint == sample.expected.hint)
    #expect(error.exitCode == 78)
  }
}
