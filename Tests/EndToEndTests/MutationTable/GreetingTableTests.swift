import Foundation
import JSON
import MCP
import Schemas
import Testing

/// Every field of what a server says of itself, changed alone: detected, withheld, shown and restored.
/// A legacy host sees it at the next handshake, a modern one whenever it asks.
@Suite struct GreetingTableTests {
  @Test(arguments: [ProtocolVersion.v2025_11_25, .v2026_07_28])
  func everyField(version: ProtocolVersion) throws {
    let play = try GreetingPlay(version)
    let named = try Schema(version).propertyNames(below: "ServerCapabilities")
    let keys = Set(
      play.rows.flatMap { $0.path.compactMap { if case .key(let key) = $0 { key } else { nil } } })
    #expect(named.subtracting(keys).isEmpty, "fields of the schema that no row changes")
    try play.play()
    #expect(play.failures.isEmpty, "\(play.failures.count): \(play.failures.prefix(20))")
    print("\(version.name.string) capabilities and instructions: \(play.rows.count) rows")
  }
}

/// One server whose greeting changes field by field.
private final class GreetingPlay {
  struct Row {
    let kind: String
    let path: [FieldStep]
    /// `capabilities` and `instructions`, before and after.
    let before: Value
    let after: Value
  }

  let rows: [Row]
  private(set) var failures: [String] = []
  private let version: ProtocolVersion
  private let scene: Scene
  private let file: String
  private let argv: [String]
  private var session: Host?

  private var isModern: Bool { version == .v2026_07_28 }

  init(_ version: ProtocolVersion) throws {
    self.version = version
    let declared = try Value.parse(Schema(version).wholeExample("ServerCapabilities"))
      .replacing([.key("x-vendor")], with: ["deep": "x"])
    let greeting: Value = ["capabilities": declared, "instructions": "x"]
    var rows: [Row] = []
    for (path, value) in declared.insides {
      let after = greeting.replacing(([.key("capabilities")] + path)[...], with: value.changed)
      rows.append(Row(kind: "capabilities", path: path, before: greeting, after: after))
    }
    for added in ["x-unknown"] {
      rows.append(
        Row(
          kind: "capabilities", path: [.key(added)], before: greeting,
          after: greeting.replacing([.key("capabilities"), .key(added)], with: ["a": true])))
    }
    rows.append(
      Row(
        kind: "instructions", path: [], before: greeting,
        after: greeting.replacing([.key("instructions")], with: "x-changed")))
    self.rows = rows
    scene = try Scene()
    // What is no part of the protocol passes only where it is named.
    _ = try scene.write(
      #"""
      {
        "extends": ["default"],
        "protocol": { "extensions": ["com.example/free", "x-vendor", "x-unknown"] },
      }
      """#, to: "config/profiles/table.jsonc")
    file = try scene.write("{}", to: "shelf/definitions.json", permissions: 0o644)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scene.folder + "/shelf")
    argv = scene.run(
      "shelf",
      options: [
        "--profile", "table", "--read-only", Places.peers, "--read-only", scene.folder + "/shelf",
      ], command: [Places.python, Places.peers + "/shelf.py", file])
  }

  func play() throws {
    guard let first = rows.first else { return }
    try offer(first.before)
    _ = try greet()
    if try !waiting().isEmpty { failures.append("the first use waits") }
    for row in rows {
      let title = "\(row.kind) \(row.path.map(\.description).joined(separator: "."))"
      try offer(row.after)
      try withheld(row, title)
      try approve(title)
      var hello = try greet()
      // The store tells the session; a launch reads it anew.
      let begin = ContinuousClock.now
      while isModern, Self.seen(hello, row) != Self.seen(row.after, row),
        ContinuousClock.now - begin < .seconds(3)
      {
        usleep(5000)
        hello = try greet()
      }
      if try waiting().contains(row.kind) { failures.append("\(title): it waits once approved") }
      if Self.seen(hello, row) != Self.seen(row.after, row) {
        failures.append("\(title): not restored: \(hello)")
      }
      // And back, which is a change too.
      try offer(row.before)
      _ = try greet()
      if try !waiting().contains(row.kind) { failures.append("\(title), back: not detected") }
      try approve(title)
      if isModern { _ = try greet() }
    }
    try session?.leave()
  }

  private func withheld(_ row: Row, _ title: String) throws {
    let hello = try greet()
    if try !waiting().contains(row.kind) { failures.append("\(title): not detected") }
    // Cordon says `listChanged` itself for what it gates.
    let isOwn = row.path.last == .key("listChanged")
    if !isOwn, Self.seen(hello, row) == Self.seen(row.after, row) {
      failures.append("\(title): not withheld")
    }
    let diff = try scene.cordon("manifest", "diff", "shelf", "--format", "json").output
    let item = try Value.parse(diff)["items"].array.first { $0["kind"].string == row.kind }
    let paths = item?["differences"].array.compactMap { $0["path"].string } ?? []
    let expected = row.path.map(\.description)
    if paths.isEmpty || !paths.allSatisfy({ WrittenPath.overlap(WrittenPath.steps($0), expected) })
    {
      failures.append("\(title): the difference has \(paths)")
    }
  }

  /// What the row is about, as a host sees it.
  private static func seen(_ greeting: Value, _ row: Row) -> Value {
    guard case .key(let key)? = row.path.first else {
      return .bool(greeting["instructions"].string?.contains("x-changed") == true)
    }
    return greeting["capabilities"][key].replacing([.key("listChanged")], with: nil)
  }

  private func approve(_ title: String) throws {
    let digest = try scene.manifest("shelf")["waiting"]["digest"].string ?? ""
    let approved = try scene.cordon("approve", "shelf", "--manifest", digest)
    if approved.status != 0 { failures.append("\(title): approve: \(approved.errors)") }
  }

  private func waiting() throws -> [String] {
    try scene.manifest("shelf")["waiting"]["items"].array.compactMap { $0["kind"].string }
  }

  private func offer(_ greeting: Value) throws {
    let identity = #"{"name":"shelf","version":"1"}"#
    let said = try String(greeting.text.dropFirst().dropLast())
    let book: [String: Value] =
      isModern
      ? [
        "server/discover": Value([
          #"{\#(said),"supportedVersions":["\#(version.name.string)"],"resultType":"complete","#
            + #""ttlMs":60000,"cacheScope":"public","#
            + #""_meta":{"io.modelcontextprotocol/serverInfo":\#(identity)}}"#
        ])
      ]
      : [
        "initialize": Value([
          #"{\#(said),"protocolVersion":"\#(version.name.string)","serverInfo":\#(identity)}"#
        ])
      ]
    try Data(Value.object(book).text.utf8).write(to: URL(filePath: file), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
  }

  /// What the host is told: in a session of its own, or in one for all.
  private func greet() throws -> Value {
    if let session {
      return try session.order("request", ["method": "server/discover"])["result"]
    }
    let host = try Host(argv, in: scene)
    let order: [String: Value] = [
      "era": isModern ? "modern" : "legacy", "version": .string(version.name.string),
    ]
    let answer = try host.order("connect", order)
    guard answer["result"] != .null else {
      throw Host.Failure(description: "\(answer) \(try host.order("stderr"))")
    }
    if isModern { session = host } else { try host.leave() }
    return answer["result"]
  }
}
