import JSON
import MCP
import Schemas
import Testing

/// Every field of every item, changed alone: detected, withheld, shown and restored.
@Suite struct MutationTableTests {
  static let kinds: [MutationRow.Kind] = [.tool]

  /// Rows that each version's schema gives at least, counted once by hand; a table that has shrunk
  /// proves less.
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
    try play.play()
    #expect(play.failures.isEmpty, "\(play.failures.count): \(play.failures.prefix(20))")
    print("\(version.name.string) \(kind.rawValue): \(play.rows.count) rows")
  }
}
