import Testing

@testable import Profile

/// Bounds of the administrator's that no profile may exceed.
@Suite struct AdminPolicyTests {
  static let path = "/etc/cordon/policy.jsonc"

  private func fixture(_ policy: String, _ profile: String = "{}") -> Fixture {
    Fixture(files: [Self.path: policy, "/x.jsonc": profile])
  }

  @Test func aBoundHoldsWhereNobodyHasAskedForMore() throws {
    let policy = #"{ "launch": "ask", /* and */ "approval": { "elicitation": "deny" } }"#
    for profiles in [[], ["/x.jsonc"]] {
      let profile = try fixture(policy).resolve(profiles)
      #expect(profile.launch.value == .ask)
      #expect(profile.launch.origin.description == "\(Self.path):1")
      #expect(profile.approval.elicitation.origin.description == "\(Self.path):1")
    }
    #expect(try fixture("{}").resolve().launch.value == .trust)
    #expect(try Fixture().resolve().launch.value == .trust)
  }

  @Test func askingForMoreIsAnErrorThatNamesBothPlaces() throws {
    let fixture = fixture(#"{ "launch": "ask" }"#, "{\n  \"launch\": \"trust\"\n}")
    let error = try #require(Fixture.failure { _ = try fixture.resolve(["/x.jsonc"]) })
    #expect(error.reason == .exceedsPolicy)
    #expect(error.exitCode == 78)
    #expect(error.position?.line == 2)
    #expect(error.hint == "\(Self.path):1 says \"ask\"")
  }

  @Test func askingForTheSameIsNone() throws {
    let profile = try fixture(#"{ "launch": "ask" }"#, #"{ "launch": "ask" }"#)
      .resolve(["/x.jsonc"])
    #expect(profile.launch.value == .ask)
  }

  static let wrong: [Case<String, ProfileError.Reason>] = [
    Case("a field that is no bound", #"{ "identity": "separate" }"#, .unknownKey),
    Case("a word that bounds nothing", #"{ "launch": "trust" }"#, .impossibleValue),
    Case("asking, allowed", #"{ "approval": { "elicitation": "allow" } }"#, .impossibleValue),
    Case("a program", #"{ "approval": { "program": ["/bin/ask"] } }"#, .unknownKey),
    Case("a list", #"[]"#, .wrongType),
    Case("not JSON", #"launch: ask"#, .syntax),
  ]

  @Test(arguments: wrong)
  func anythingElseIsAnErrorWithItsPlace(_ sample: Case<String, ProfileError.Reason>) throws {
    let error = try #require(Fixture.failure { _ = try fixture(sample.input).resolve() })
    #expect(error.reason == sample.expected)
    #expect(error.position?.file == Self.path)
    #expect(error.exitCode == 78)
  }
}
