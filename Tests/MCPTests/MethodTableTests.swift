import JSON
import MCP
import Schemas
import Testing

/// The table against the published schemas, in both directions.
@Suite struct MethodTableTests {
  private static let unions: [(name: JSONString, sender: Party, kind: MethodRow.Kind)] = [
    ("ClientRequest", .client, .request), ("ClientNotification", .client, .notification),
    ("ServerRequest", .server, .request), ("ServerNotification", .server, .notification),
  ]

  private func rows(in version: ProtocolVersion) -> [MethodRow] {
    MethodTable.rows.filter { $0.source == .schema && $0.versions.contains(version) }
  }

  @Test(arguments: ProtocolVersion.all)
  func aVersionHasTheMethodsOfItsSchema(version: ProtocolVersion) throws {
    let schema = try Schema(version)
    for union in Self.unions {
      let expected = Set(schema.methods(of: union.name).keys)
      let actual = rows(in: version).filter { $0.sender == union.sender && $0.kind == union.kind }
        .map(\.method.rawValue)
      #expect(Set(actual) == expected, "\(union.name)")
      #expect(actual.count == expected.count, "\(union.name)")
    }
  }

  @Test(arguments: ProtocolVersion.all)
  func whatIsNotSentIsCarried(version: ProtocolVersion) throws {
    let schema = try Schema(version)
    let carried = MethodTable.rows.filter { $0.carried.contains(version) }.map(\.method.rawValue)
    #expect(Set(carried) == Set(schema.methods(of: "InputRequest").keys))
    let known = rows(in: version).map(\.method.rawValue) + carried
    #expect(Set(known) == schema.allMethods)
  }

  @Test(arguments: ProtocolVersion.all)
  func everyCapabilityBelongsToAFeature(version: ProtocolVersion) throws {
    let schema = try Schema(version)
    for (party, name) in [(Party.client, "ClientCapabilities"), (.server, "ServerCapabilities")]
      as [(Party, JSONString)]
    {
      let declared = schema.capabilities(name)
      let known = Set(
        Feature.allCases.flatMap(\.capabilities).filter {
          $0.declarer == party && $0.versions.contains(version)
        }.map(\.path))
      // An extension's name is no schema's business.
      #expect(known.filter { $0.first != "extensions" }.isSubset(of: declared), "\(name)")
      let outermost = declared.filter { $0.count == 1 }
      #expect(
        outermost.subtracting(known).subtracting([["experimental"], ["extensions"]]) == [],
        "\(name)")
    }
  }

  @Test func resultsAreThoseOfTheModernSchema() throws {
    let schema = try Schema(.v2026_07_28)
    for (method, request) in schema.methods(of: "ClientRequest") {
      let results = schema.results(ofRequest: request)
      #expect(!results.isEmpty, "\(method)")
      let row = try #require(rows(in: .v2026_07_28).first { $0.method.rawValue == method })
      #expect(
        row.results.contains(.inputRequired) == results.contains("InputRequiredResult"), "\(method)"
      )
      #expect(
        row.results.contains(.cacheable) == results.contains { schema.isCacheable(result: $0) },
        "\(method)")
    }
  }

  @Test func tasksAreTakenWhereTheSchemaHasThem() throws {
    let schema = try Schema(.v2025_11_25)
    for union in Self.unions where union.kind == .request {
      for (method, request) in schema.methods(of: union.name) {
        let row = try #require(
          rows(in: .v2025_11_25).first {
            $0.method.rawValue == method && $0.sender == union.sender
          })
        #expect(row.results.contains(.task) == schema.takesTask(request: request), "\(method)")
      }
    }
  }

  @Test func whatNoSchemaHasIsTheExtensions() throws {
    let inSchemas = try ProtocolVersion.all.reduce(into: Set<String>()) {
      $0.formUnion(try Schema($1).allMethods)
    }
    let others = MethodTable.rows.filter { $0.source != .schema }
    for row in others {
      #expect(row.feature == .tasksExtension && row.versions == .modern)
    }
    let unknown = Method.allCases.filter { !inSchemas.contains($0.rawValue) }
    #expect(Set(unknown) == [.tasksUpdate, .tasks])
    #expect(others.map(\.method.rawValue).contains("tasks/update"))
  }

  @Test func aRowIsFoundByMethodSenderAndEra() {
    for row in MethodTable.rows {
      for era in Era.allCases
      where !row.versions.union(row.carried).isDisjoint(with: era.versions) {
        #expect(MethodTable.row(row.method, from: row.sender, in: era) == row)
      }
    }
    #expect(MethodTable.row(.initialize, from: .server, in: .legacy) == nil)
    #expect(MethodTable.row(.initialize, from: .client, in: .modern) == nil)
    #expect(MethodTable.row(.elicit, from: .server, in: .modern)?.carried == .modern)
    #expect(Set(MethodTable.rows.map(\.method)) == Set(Method.allCases))
    #expect(MethodTable.asks(.server, in: .legacy) && !MethodTable.asks(.server, in: .modern))
    #expect(Era.allCases.allSatisfy { MethodTable.asks(.client, in: $0) })
  }

  @Test func namesAreFoundByTheirBytes() {
    for method in Method.allCases {
      #expect(Method(named: method.name) == method)
      let name = method.name.utf8
      #expect(Method(named: JSONString(utf8: name.dropLast())) == nil)
      #expect(Method(named: JSONString(utf8: name + [0])) == nil)
      #expect(Method(named: JSONString(utf8: [name[0] ^ 0x20] + name.dropFirst())) == nil)
    }
    for name: JSONString in ["", "x", "tools/cal", "Tools/call", "tools/ca\u{0308}ll", "vendor/x"] {
      #expect(Method(named: name) == nil)
    }
  }

  @Test func versionsKnowTheirEra() {
    #expect(ProtocolVersion.all.map(\.era) == [.legacy, .legacy, .legacy, .legacy, .modern])
    let sets = ProtocolVersion.all.map { VersionSet($0) }
    #expect(sets.reduce(VersionSet()) { $0.union($1) } == .all)
    #expect(sets == [.v2024_11_05, .v2025_03_26, .v2025_06_18, .v2025_11_25, .v2026_07_28])
  }
}
