import Testing

@testable import Profile

/// `network.allow` and `network.deny` in files, and what layers make of them.
@Suite struct NetworkFieldTests {
  /// The layers' sum, with the command line as the last one.
  static func network(_ texts: [String], allow: [String] = []) throws -> ResolvedProfile.Network {
    var fixture = Fixture()
    for (index, text) in texts.enumerated() { fixture.files["/\(index).jsonc"] = text }
    return try fixture.resolve(texts.indices.map { "/\($0).jsonc" }) { $0.allow = allow }.network
  }

  static func allow(_ elements: String) -> String { #"{ "network": { "allow": [\#(elements)] } }"# }
  static func deny(_ elements: String) -> String { #"{ "network": { "deny": [\#(elements)] } }"# }

  @Test func portsAreSeveralGrants() throws {
    let network = try Self.network([
      Self.allow(
        """
        { "host": "b.example", "ports": [8443, 443] }, { "address": "10.1.2.0/24", "ports": [5432] },
        { "host": "*.c.example", "ports": "any" }, { "host": "localhost", "ports": [5432] },
        { "host": "0x7f.1", "ports": [6379] }, { "address": "2001:db8::/32", "ports": [443] },
        """)
    ])
    #expect(
      network.allow.map(\.value.description) == [
        "*.c.example:*", "10.1.2.0/24:5432", "[2001:db8::]/32:443", "b.example:443",
        "b.example:8443", "localhost:5432", "localhost:6379",
      ])
  }

  @Test func whatIsExpectedFollowsThePort() throws {
    let network = try Self.network([
      Self.allow(
        """
        "a.example:443", "a.example:80", "a.example:22", "a.example:*", "10.0.0.1:443",
        { "host": "b.example", "ports": [443], "protocol": "tcp" },
        { "host": "b.example", "ports": [8443], "protocol": "tls", "sni": "optional" },
        { "host": "b.example", "ports": [5432], "private": true },
        """)
    ])
    let found = network.allow.map { [$0.value.description, $0.value.inspection?.rawValue ?? "-"] }
    #expect(
      found == [
        ["10.0.0.1:443", "tcp"], ["a.example:*", "-"], ["a.example:22", "tcp"],
        ["a.example:443", "tls"], ["a.example:80", "http"], ["b.example:443 (tcp)", "tcp"],
        ["b.example:5432 (private)", "tcp"], ["b.example:8443 (tls, sni optional)", "tls"],
      ])
  }

  @Test func grantsAddUpAndTheLaterSaysHow() throws {
    let network = try Self.network(
      [
        Self.allow(#""a.example:443", { "host": "b.example", "ports": [443], "protocol": "tcp" }"#),
        Self.allow(#""a.example:80", { "host": "a.example", "ports": [443], "private": true }"#),
      ], allow: ["b.example:443"])
    #expect(
      network.allow.map(\.value.description) == [
        "a.example:443 (private)", "a.example:80", "b.example:443",
      ])
    #expect(
      network.allow.map { $0.origins.map(\.description) } == [
        ["/0.jsonc:1", "/1.jsonc:1"], ["/1.jsonc:1"], ["/0.jsonc:1", "option --allow"],
      ])
  }

  @Test func denialsWinInEveryLayer() throws {
    let network = try Self.network(
      [
        Self.deny(#""bad.example.com", { "host": "a.example", "ports": [80] }, "10.0.0.0/8""#),
        Self.allow(#""*.example.com:443", "bad.example.com:443", "a.example:80", "10.1.2.3:1""#),
      ], allow: ["a.example:80", "a.example:443"])
    #expect(network.allow.map(\.value.place) == ["*.example.com:443", "a.example:443"])
    #expect(
      network.deny.map(\.value.place) == ["10.0.0.0/8:*", "a.example:80", "bad.example.com:*"])
  }

  static let mistakes: [Case<String, DecodingErrorTests.Place>] = [
    Case("a number", allow("443"), .init(.wrongType, 1, 26)),
    Case("a bare host", allow(#""a.example""#), .init(.badDestination, 1, 26)),
    Case("everything", allow(#""*""#), .init(.badDestination, 1, 26)),
    Case("a public suffix", allow(#""*.github.io:443""#), .init(.badDestination, 1, 26)),
    Case("no ports", allow(#"{ "host": "a.example" }"#), .init(.missingKey, 1, 26)),
    Case("no host", allow(#"{ "ports": [443] }"#), .init(.missingKey, 1, 26)),
    Case(
      "both", allow(#"{ "host": "a.example", "address": "10.0.0.1", "ports": [1] }"#),
      .init(.conflict, 1, 60)),
    Case(
      "a port in the host", allow(#"{ "host": "a.example:443", "ports": [443] }"#),
      .init(.badDestination, 1, 36)),
    Case(
      "one number", allow(#"{ "host": "a.example", "ports": 443 }"#), .init(.wrongType, 1, 58)),
    Case(
      "another word", allow(#"{ "host": "a.example", "ports": "all" }"#),
      .init(.impossibleValue, 1, 58)),
    Case(
      "no port at all", allow(#"{ "host": "a.example", "ports": [] }"#),
      .init(.impossibleValue, 1, 58)),
    Case(
      "a port in words", allow(#"{ "host": "a.example", "ports": ["443"] }"#),
      .init(.wrongType, 1, 59)),
    Case(
      "port 0", allow(#"{ "host": "a.example", "ports": [0] }"#), .init(.impossibleValue, 1, 59)),
    Case(
      "a port twice", allow(#"{ "host": "a.example", "ports": [1, 1] }"#),
      .init(.conflict, 1, 62)),
    Case(
      "port 53", allow(#"{ "host": "a.example", "ports": [53] }"#), .init(.badDestination, 1, 59)),
    Case(
      "a destination twice", allow(#""a.example:443", "A.example.:443""#), .init(.conflict, 1, 43)),
    Case(
      "every port of the loopback", allow(#"{ "host": "localhost", "ports": "any" }"#),
      .init(.badDestination, 1, 58)),
    Case(
      "an unknown key", allow(#"{ "hots": "a.example", "ports": [1] }"#), .init(.unknownKey, 1, 28)),
    Case(
      "an unknown protocol",
      allow(#"{ "host": "a.example", "ports": [1], "protocol": "https" }"#),
      .init(.impossibleValue, 1, 75)),
    Case(
      "a server name without TLS",
      allow(#"{ "host": "a.example", "ports": [1], "sni": "optional" }"#),
      .init(.conflict, 1, 70)),
    Case(
      "a protocol of an address",
      allow(#"{ "address": "10.0.0.1", "ports": [443], "protocol": "tls" }"#),
      .init(.conflict, 1, 79)),
    Case(
      "a private loopback", allow(#"{ "host": "localhost", "ports": [1], "private": true }"#),
      .init(.conflict, 1, 74)),
    Case(
      "a private word", allow(#"{ "host": "a.example", "ports": [1], "private": "yes" }"#),
      .init(.wrongType, 1, 74)),
    Case(
      "a denial with a protocol", deny(#"{ "host": "a.example", "protocol": "tls" }"#),
      .init(.conflict, 1, 60)),
    Case(
      "a name as an address", allow(#"{ "address": "a.example", "ports": [1] }"#),
      .init(.badDestination, 1, 39)),
    Case("a prefix of a name", allow(#""a.example/24:1""#), .init(.badDestination, 1, 26)),
  ]

  @Test(arguments: mistakes)
  func isRefused(_ sample: Case<String, DecodingErrorTests.Place>) throws {
    let error = try #require(Fixture.failure(of: sample.input))
    let position = try #require(error.position)
    #expect(.init(error.reason, position.line, position.column) == sample.expected)
    #expect(error.exitCode == 78)
    #expect(error.hint != nil || error.reason == .wrongType || error.reason == .conflict)
  }

  @Test func anOptionIsRefusedAsOne() throws {
    let error = try #require(Fixture.failure { _ = try Self.network([], allow: ["a.example"]) })
    #expect(error.reason == .badDestination)
    #expect(error.exitCode == 64)
    #expect(error.description == #"--allow: "a.example" has no port"#)
  }

  @Test func portsAreBounded() throws {
    let ports = (1000..<1128).map(String.init).joined(separator: ", ")
    let most = #"{ "host": "a.example", "ports": [\#(ports)] }"#
    #expect(try Self.network([Self.allow(most)]).allow.count == 128)
    let error = try #require(
      Fixture.failure { _ = try Self.network([Self.allow(most + #", "b.example:999""#)]) })
    #expect(error.reason == .impossibleValue)
  }
}
