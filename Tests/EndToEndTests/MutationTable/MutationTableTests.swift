import JSON
import MCP
import Schemas
import Testing

/// Every field of every item, changed alone: detected, withheld, shown and restored.
@Suite struct MutationTableTests {
  static let kinds: [MutationRow.Kind] = [.tool]

  /// No property that the version's schema names, at any depth, is without a row.
  @Test(arguments: ProtocolVersion.all, kinds)
  func everyField(version: ProtocolVersion, kind: MutationRow.Kind) throws {
    let play = try MutationPlay(kind, in: version)
    let keys = Set(
      play.rows.flatMap { row in
        row.path.compactMap { if case .key(let key) = $0 { key } else { nil } }
      })
    let named = try Schema(version).propertyNames(below: kind.definition)
    let missing = named.subtracting(keys).filter { !MutationRow.isOutside(kind, [.key($0)]) }
    #expect(missing.isEmpty, "fields of the schema that no row changes")
    let newest = try Schema(play.newest).propertyNames(below: kind.definition)
    #expect(named.isSubset(of: newest), "fields that are not played in a session")
    try play.play()
    #expect(play.failures.isEmpty, "\(play.failures.count): \(play.failures.prefix(20))")
    print("\(version.name.string) \(kind.rawValue): \(play.rows.count) rows")
  }
}
