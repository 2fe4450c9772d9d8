import Kernel
import Testing

@testable import Control

@Suite struct EgressFrameTests {
  static let rules = [
    EgressRule(.host(Array("api.example.com".utf8)), port: 443),
    EgressRule(.subdomains(Array("example.net".utf8)), port: 8443, inspection: .tls),
    EgressRule(.loopback, port: 5432),
    EgressRule(.network(.v6(1 << 63, 0), prefixLength: 33), port: nil, allowsMissingName: true),
    EgressRule(.host(Array("db".utf8)), port: 5432, inspection: .http, allowsPrivate: true),
  ]

  @Test func aConfigurationArrivesAsItLeft() throws {
    let configuration = EgressConfiguration(
      serverName: "s", layout: EgressLayout(Self.rules), rules: Self.rules,
      denials: [Self.rules[2]],
      limits: EgressLimits(
        connections: 1, openingSeconds: 2, idleSeconds: 3, endingSeconds: 4, newNamesPerMinute: 5),
      requiresLandlock: true)
    var reader = FrameReader(limit: EgressOrder.longestFrame)
    reader.feed(EgressOrder.configure(configuration).frame())
    let frame = try #require(try reader.next())
    #expect(try EgressOrder(frame) == .configure(configuration))
  }

  @Test func reportsArriveAsTheyLeft() throws {
    let reports: [EgressReport] = [
      .ready, .failed(step: "a", subject: "b", errno: 13),
      .connection(
        EgressConnection(
          name: [1, 2], port: 443, address: .v4(7), sent: 1, received: 2, milliseconds: 3,
          outcome: .reset, errno: 104)),
      .connection(
        EgressConnection(
          name: [], port: 1, address: nil, sent: 0, received: 0, milliseconds: 0,
          outcome: .unresolved)),
      .refused(EgressRefusal(.serverName, name: [3], port: 443, detail: [4], count: 9)),
    ]
    var reader = FrameReader(limit: EgressReport.longestFrame)
    for report in reports { reader.feed(report.frame()) }
    for report in reports {
      let frame = try #require(try reader.next())
      #expect(try EgressReport(frame) == report)
    }
  }

  @Test func aPortIsTakenOnEveryAddressOnlyWhereOneIsNeeded() {
    let layout = EgressLayout(Self.rules)
    #expect(layout.names.map(\.name) == ["api.example.com", "db"].map { Array($0.utf8) })
    #expect(layout.requiresRedirection)
    let everywhere = layout.sockets.filter { $0.address == nil && $0.port != 53 }
    #expect(everywhere.map(\.port) == [8443])
    let first = layout.sockets.filter { $0.address == layout.names[0].v4 }
    #expect(first.map(\.port) == [443])
    #expect(layout.sockets.filter { $0.purpose == .loopback }.map(\.port) == [5432, 5432])
  }

  @Test func rulesReadAsTheyAreWritten() {
    #expect(
      Self.rules.map(\.text) == [
        "api.example.com:443", "*.example.net:8443", "localhost:5432", "[8000::]/33:*", "db:5432",
      ])
  }
}
