import Control
import JSON
import Kernel
import Profile
import Testing

@testable import Commands

/// What becomes of a profile's destinations, and what a person is told of them.
@Suite struct NetworkExplanationTests {
  static func profile(_ text: String, allow: [String] = []) throws -> ResolvedProfile {
    let loader = ProfileLoader(
      profileDirectories: [], serverDirectories: [], home: "/home/ada"
    ) { (path, _) throws(SystemError) in
      guard path == "/x.jsonc" else {
        throw SystemError(step: "open", subject: path, errno: Errno(2))
      }
      return Array(text.utf8)
    }
    var options = ProfileOptions()
    options.profiles = ["/x.jsonc"]
    options.allow = allow
    return try loader.resolve(server: try #require(ServerName("x")), options: options)
  }

  static let text = """
    { "network": {
      "allow": [
        "a.example:443", "a.example:80", "10.1.0.0/16:443", "bad.example:1", "*.c.example:8443",
        { "host": "b.example", "ports": [8443], "protocol": "tls", "sni": "optional" },
        { "host": "db", "ports": [5432], "private": true }, { "host": "localhost", "ports": [1] },
      ],
      "deny": ["bad.example"],
    } }
    """

  @Test func rulesSayWhatTheProfileSays() throws {
    let egress = try #require(LaunchEgress(try Self.profile(Self.text).network))
    #expect(
      egress.rules == [
        EgressRule(
          .subdomains(Array("c.example".utf8)), port: 8443, inspection: EgressRule.Inspection.none),
        EgressRule(
          .network(.v4(0x0A01_0000), prefixLength: 16), port: 443,
          inspection: EgressRule.Inspection.none),
        EgressRule(.host(Array("a.example".utf8)), port: 443, inspection: .tls),
        EgressRule(.host(Array("a.example".utf8)), port: 80, inspection: .http),
        EgressRule(
          .host(Array("b.example".utf8)), port: 8443, inspection: .tls, allowsMissingName: true),
        EgressRule(
          .host(Array("db".utf8)), port: 5432, inspection: EgressRule.Inspection.none,
          allowsPrivate: true),
        EgressRule(.loopback, port: 1, inspection: EgressRule.Inspection.none),
      ])
    #expect(
      egress.denials == [EgressRule(.host(Array("bad.example".utf8)), port: nil, inspection: nil)])
    #expect(egress.widePorts == [443, 8443])
    #expect(LaunchEgress(try Self.profile("{}").network) == nil)
  }

  @Test func everyPortIsLookedAtAsItsNumberSays() throws {
    let egress = try #require(
      LaunchEgress(try Self.profile("{}", allow: ["a.example:*"]).network))
    #expect(egress.rules.map(\.inspection) == [nil])
    #expect(egress.layout.requiresRedirection)
  }

  @Test func everyPortIsWarnedOfAtEachLaunch() throws {
    let network = try Self.profile(
      "{}", allow: ["a.example:*", "*.b.example:*", "10.1.0.0/16:*", "a.example:443"]
    ).network
    #expect(
      Set(NetworkExplanation(network: network).warnings)
        == Set(
          ["a.example", "*.b.example", "10.1.0.0/16"].map {
            "every port of \($0) is granted: whatever answers there can be reached"
          }))
    #expect(NetworkExplanation(network: try Self.profile(Self.text).network).warnings == [])
  }

  @Test func eachGrantIsExplainedWithItsLine() throws {
    let explained = ExplainedProfile(subject: "x", profile: try Self.profile(Self.text))
    let text = explained.text()
    for line in [
      "network.allow: a.example:443  (/x.jsonc:3)",
      "network.allow: db:5432 (private)  (/x.jsonc:5)",
      "  not in force: a denial covers it", "network.deny: bad.example:*  (/x.jsonc:7)",
      "inside, ports 443, 8443 are taken on every address, the server's own loopback included",
    ] { #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)") }
    #expect(try JSONReader.parse(explained.json())["grants"]?.array?.count ?? 0 > 20)
  }
}
