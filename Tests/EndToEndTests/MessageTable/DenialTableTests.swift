import JSON
import MCP
import Testing

/// The same table under a profile that denies what can be denied: no message that needs it reaches the
/// other side, in any version and either direction, and every other one does.
@Suite struct DenialTableTests {
  private static let features: Set<Feature> = [
    .sampling, .elicitation, .roots, .logging, .tasks, .tasksExtension,
  ]
  private static let denied = ["sampling", "elicitation", "roots", "logging", "tasks"]

  private static func isDenied(_ message: TableMessage) -> Bool {
    message.row.map { features.contains($0.feature) } ?? false
  }

  @Test(arguments: ProtocolVersion.all)
  func whatIsDeniedIsAnsweredOrDropped(version: ProtocolVersion) throws {
    let fields = Self.denied.map { #""\#($0)": "deny""# }.joined(separator: ", ")
    // Undeclared, so that nothing is cut and every other line can be compared byte for byte.
    let play = try TablePlay(
      version, fields: #""protocol": { \#(fields) }"#, undeclared: Self.features)
    try play.playAll {
      Self.isDenied($0) ? .refused(-32601) : MessageTableTests.passage($0, in: version)
    }
    let messages = Party.allCases.flatMap { play.words.messages(from: $0, ids: "x") }
    let expected = Set(messages.filter(Self.isDenied).map { "\($0.sender) \($0.method)" })
    #expect(expected.count >= 5)
    let told = try play.end().filter { $0["event"] == "denied" }.map {
      "\($0["from"] == "host" ? "client" : "server") \($0["method"].string ?? "")"
    }
    #expect(Set(told) == expected)
    #expect(told.count == expected.count)
  }
}
