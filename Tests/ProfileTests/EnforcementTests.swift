import Testing

@testable import Profile

/// A field that this build does not enforce stops the launch and is named.
@Suite struct EnforcementTests {
  static let cases: [Case<String, (what: String, column: Int)>] = [
    Case(
      "an exposed port", #"{ "network": { "expose": [1] } }"#, (#""network.expose""#, 27)),
    Case("tools", #"{ "tools": { "allow": ["*"] } }"#, (#""tools.allow""#, 14)),
    Case("denied tools", #"{ "tools": { "deny": ["delete_*"] } }"#, (#""tools.deny""#, 23)),
    Case(
      "confirmed tools", #"{ "tools": { "confirm": ["destructive"] } }"#,
      (#""tools.confirm""#, 26)),
    Case(
      "a secret on the way out",
      #"{ "secrets": { "T": { "from": "env:T", "deliver": "egress" } } }"#,
      (#""secrets.T.deliver": "egress""#, 51)),
    Case(
      "a secret's hosts", #"{ "secrets": { "T": { "from": "env:T", "hosts": ["a.b"] } } }"#,
      (#""secrets.T.hosts""#, 50)),
    Case(
      "full arguments", #"{ "audit": { "arguments": "full" } }"#,
      (#""audit.arguments": "full""#, 27)),
    Case("restarts", #"{ "restart": {} }"#, (#""restart""#, 3)),
  ]

  @Test(arguments: cases)
  func stopsTheLaunch(_ sample: Case<String, (what: String, column: Int)>) throws {
    let error = try #require(Fixture.failure(of: sample.input))
    #expect(error.reason == .notEnforced)
    #expect(error.exitCode == 78)
    #expect(error.message == "\(sample.expected.what) is not enforced by this build")
    #expect(error.position?.column == sample.expected.column)
  }

  @Test func whatGrantsNothingMayStand() throws {
    let text = """
      {
        "network": { "allow": [] }, "tools": { "deny": [] },
        "protocol": { "roots": "allow" },
        "manifest": { "onChange": "withhold", "annotations": "weakening" },
      }
      """
    #expect(Fixture.failure(of: text) == nil)
  }

  @Test func inAnExtendedProfileToo() throws {
    let fixture = Fixture(files: [
      "/p/base.jsonc": "{\n  \"tools\": { \"allow\": [\"*\"] }\n}",
      "/p/top.jsonc": #"{ "extends": "base" }"#,
    ])
    let error = try #require(Fixture.failure { _ = try fixture.resolve(["top"]) })
    #expect(error.reason == .notEnforced)
    #expect(error.position?.file == "/p/base.jsonc")
    #expect(error.position?.line == 2)
  }

  /// An error elsewhere in the same file is told first: it would come anyway.
  @Test func mistakesComeFirst() throws {
    let error = Fixture.failure(
      of: #"{ "tools": { "allow": ["*"] }, "limits": { "processes": 0 } }"#)
    #expect(error?.reason == .impossibleValue)
  }

  @Test(arguments: [
    ("identity", Identity.allCases.map(\.rawValue)),
    ("packages", PackageRule.allCases.map(\.rawValue)),
    ("filesystem.home", HomeKind.allCases.map(\.rawValue)),
    ("system.syscalls", SystemCallBase.allCases.map(\.rawValue)),
    ("protocol.sampling", CapabilityRule.allCases.map(\.rawValue)),
    ("manifest.firstUse", FirstUse.allCases.map(\.rawValue)),
    ("approval.elicitation", AskingRule.allCases.map(\.rawValue)),
    ("launch", LaunchRule.allCases.map(\.rawValue)),
    ("manifest.text", ChangeRule.allCases.map(\.rawValue)),
    ("manifest.structure", ChangeRule.allCases.map(\.rawValue)),
    ("manifest.annotations", AnnotationRule.allCases.map(\.rawValue)),
    ("manifest.appearance", ChangeRule.allCases.map(\.rawValue)),
    ("manifest.resources", ResourceRule.allCases.map(\.rawValue)),
    ("manifest.findings", FindingRule.allCases.map(\.rawValue)),
    ("manifest.notice", Notice.allCases.map(\.rawValue)),
    ("audit.arguments", AuditArguments.allCases.map(\.rawValue)),
  ])
  func theTableAndTheTypesHaveTheSameWords(_ path: String, _ words: [String]) throws {
    let keys = path.split(separator: ".")
    var fields = FieldTable.fields
    for key in keys.dropLast() {
      fields = try #require(fields.first { $0.key == key }).members
    }
    let field = try #require(fields.first { $0.key == keys.last ?? "" })
    guard case .words(let now, _) = field.enforcement else {
      Issue.record("\(path) has no words")
      return
    }
    #expect(now == words)
  }

  /// What needs more work before it can be used is never offered as what was meant.
  @Test func suggestionsAreEnforced() {
    let usable = FieldTable.fields.filter(\.isUsable)
    #expect(!usable.contains { $0.key == "restart" || $0.key == "arguments" })
    let limits = usable.first { $0.key == "limits" }?.members.filter(\.isUsable).map(\.key)
    #expect(
      limits == [
        "memory", "swap", "processes", "cpus", "openFiles", "fileSize", "addressSpace",
        "messageSize", "nesting", "pendingRequests", "lineSize",
      ])
  }
}
