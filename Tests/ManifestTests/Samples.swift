import JSON
import Manifest
import Testing

/// Items, origins and moments for tests.
enum Samples {
  static let person = DecisionOrigin(who: "uid 1000", how: "review", at: "2026-01-02T03:04:05.000Z")
  static let cordon = DecisionOrigin(who: "cordon", how: "listing", at: "2026-01-01T00:00:00.000Z")
  static let lineage = Lineage(of: ["python3", "notes.py"])

  static func tool(_ name: String, _ description: String = "Does it.") throws -> Item {
    try Item.tool(
      fromRaw: Array(#"{"name":"\#(name)","description":"\#(description)"}"#.utf8))
  }

  static func launch(_ argument: String) throws -> Item {
    var launch = LaunchDescription(
      executable: .init(path: "/usr/bin/python3", digest: nil))
    launch.arguments = [JSONString(argument)]
    return try launch.item()
  }

  /// A record that was launched and has these tools approved.
  static func approved(_ items: [Item]) throws -> ServerRecord {
    var record = ServerRecord()
    _ = try record.observeLaunch(try launch("notes.py"), lineage: lineage, by: cordon)
    _ = try record.observe(kind: .tool, items: items, firstUse: .trust, by: cordon)
    return record
  }
}

extension ServerRecord {
  @discardableResult
  mutating func list(_ items: [Item], _ firstUse: FirstUse = .ask) throws -> Observation {
    try observe(kind: .tool, items: items, firstUse: firstUse, by: Samples.cordon)
  }
}
