import Testing

@testable import Profile

/// What host and server may send each other, as a profile says it.
@Suite struct FlowLimitTests {
  static let all = #"""
    {
      "limits": { "nesting": 32, "pendingRequests": 8, "lineSize": "1MiB" },
      "rates": { "messages": 100, "notifications": 20, "stderr": "64KiB" },
      "timeouts": { "handshake": "90s", "request": "15min", "approval": "30s" },
    }
    """#

  @Test func everyOneIsRead() throws {
    let flow = try Fixture(files: ["/x.jsonc": Self.all]).resolve(["/x.jsonc"]).flow
    let values = FlowLimit.allCases.map { flow[$0].value }
    #expect(values == [32, 8, 1 << 20, 100, 20, 64 << 10, 90, 900, 30])
    #expect(flow.changed == FlowLimit.allCases)
    #expect(FlowLimit.allCases.allSatisfy { !flow[$0].origin.isCordons })
  }

  @Test func eachHasADefaultInItsRangeThatIsCordons() throws {
    let flow = try Fixture().resolve().flow
    #expect(flow.changed.isEmpty)
    for limit in FlowLimit.allCases {
      #expect(limit.range.contains(flow[limit].value), "\(limit)")
      #expect(flow[limit].origin == .builtIn)
    }
  }

  @Test func aLaterLayerReplacesOneByOne() throws {
    let fixture = Fixture(files: [
      "/p/all.jsonc": Self.all,
      "/p/more.jsonc": #"{ "extends": ["all"], "timeouts": { "request": "2h" } }"#,
    ])
    let flow = try fixture.resolve(["more"]).flow
    #expect(flow[.request].value == 7200)
    #expect(flow[.handshake].value == 90)
    #expect(flow[.messages].value == 100)
  }

  /// What `--dry-run` prints: every one, with who gave it, as a profile would write it.
  @Test func eachIsExplained() throws {
    let explanations = try Fixture(files: ["/x.jsonc": Self.all]).resolve(["/x.jsonc"]).explanations
    let words = [
      "limits.nesting": "32", "limits.pendingRequests": "8", "limits.lineSize": "1MiB",
      "rates.messages": "100", "rates.notifications": "20", "rates.stderr": "64KiB",
      "timeouts.handshake": "90s", "timeouts.request": "15min",
      "timeouts.approval": "30s",
    ]
    for (field, value) in words {
      let line = try #require(explanations.first { $0.field == field })
      #expect(line.value == value)
    }
    #expect(FlowLimit.request.words(FlowLimit.request.defaultValue) == "24h")
  }

  static let wrong: [Case<String, ProfileError.Reason>] = [
    Case("deeper than the readers go", #""limits": { "nesting": 129 }"#, .impossibleValue),
    Case("no request at all", #""limits": { "pendingRequests": 0 }"#, .impossibleValue),
    Case("a line without a unit", #""limits": { "lineSize": 1000 }"#, .wrongType),
    Case("no message", #""rates": { "messages": 0 }"#, .impossibleValue),
    Case("half a notification", #""rates": { "notifications": 0.5 }"#, .wrongType),
    Case("a number of bytes", #""rates": { "stderr": 1000 }"#, .wrongType),
    Case("a number of something", #""timeouts": { "request": 60 }"#, .wrongType),
    Case("no unit", #""timeouts": { "request": "60" }"#, .badDuration),
    Case("another unit", #""timeouts": { "request": "60m" }"#, .badDuration),
    Case("a zero in front", #""timeouts": { "request": "01s" }"#, .badDuration),
    Case("no time at all", #""timeouts": { "handshake": "0s" }"#, .badDuration),
    Case("more than a month", #""timeouts": { "handshake": "721h" }"#, .impossibleValue),
    Case("beyond counting", #""timeouts": { "request": "9223372036854775807h" }"#, .badDuration),
    Case("a misspelt rate", #""rates": { "message": 10 }"#, .unknownKey),
    Case("a misspelt time", #""timeouts": { "handshakes": "10s" }"#, .unknownKey),
  ]

  @Test(arguments: wrong)
  func whatMakesNoSenseIsAnError(_ sample: Case<String, ProfileError.Reason>) {
    #expect(Fixture.failure(of: "{ \(sample.input) }")?.reason == sample.expected)
  }

  @Test(arguments: [(1, "1s"), (60, "1min"), (90, "90s"), (3600, "1h"), (86_400, "24h")])
  func durations(_ seconds: Int, _ words: String) throws {
    #expect(DurationValue(seconds: seconds).description == words)
    #expect(try DurationValue.parse(words).seconds == seconds)
  }
}
