import Foundation
import JSON
import MCP

/// Many items of one kind, one for each row, played through one launch after another: what is
/// changed in each is its row's field alone.
final class MutationPlay {
  let kind: MutationRow.Kind
  let version: ProtocolVersion
  let rows: [MutationRow]
  private let scene: Scene
  private let file: String
  private let argv: [String]
  private(set) var failures: [String] = []

  /// Of the era: it has the fields of the earlier ones too, and is played in a session as well.
  var newest: ProtocolVersion { era == .modern ? .v2026_07_28 : .v2025_11_25 }

  var era: Era { version == .v2026_07_28 ? .modern : .legacy }

  init(_ kind: MutationRow.Kind, in version: ProtocolVersion) throws {
    self.kind = kind
    self.version = version
    rows = try MutationRow.all(kind, in: version)
    scene = try Scene()
    let resources = kind == .resource ? #", "resources": "withhold""# : ""
    _ = try scene.write(
      #"{ "extends": ["default"], "manifest": { "annotations": "withhold"\#(resources) } }"#,
      to: "config/profiles/table.jsonc")
    // A folder and not the file: it is replaced while the server runs.
    file = try scene.write("{}", to: "shelf/definitions.json", permissions: 0o644)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: scene.folder + "/shelf")
    argv = scene.run(
      "shelf",
      options: [
        "--profile", "table", "--read-only", Places.peers, "--read-only", scene.folder + "/shelf",
      ], command: [Places.python, Places.peers + "/shelf.py", file])
  }

  /// The rows that can be played back and forth; the other items change their names, and what has
  /// been approved under a name is known for good.
  private var lasting: [MutationRow] { rows.filter { !$0.isOfName } }

  /// Everything, in the order in which a server would do it.
  func play() throws {
    try offer(\.before)
    try host { host in
      try check(host, rows, \.before, areHeld: true, "first use")
      let others = try uses(host, rows.map(\.name)).filter { $0 == kind.refusal }
      if !others.isEmpty { failures.append("\(others.count) approved items are refused") }
    }
    try offer(\.after)
    try host { host in
      try round(host, rows, from: \.before, to: \.after, "after a reconnection")
      guard version == newest else { return }
      try change(host, \.before)
      try round(host, lasting, from: \.after, to: \.before, "in the session, back")
      try change(host, \.after)
      try round(host, lasting, from: \.before, to: \.after, "in the session")
    }
  }

  // MARK: The server

  private func offer(_ text: KeyPath<MutationRow, String>) throws {
    // More than one page, so that no later one is forgotten.
    let size = max(1, rows.count / 3 + 1)
    let starts = Array(stride(from: 0, to: rows.count, by: size))
    let pages = starts.enumerated().map { number, start in
      let items = rows[start..<min(start + size, rows.count)].map { $0[keyPath: text] }
      let cursor = number + 1 < starts.count ? #","nextCursor":"\#(number + 1)""# : ""
      return #"{"\#(kind.listKey)":[\#(items.joined(separator: ","))]\#(cursor)\#(modernFields)}"#
    }
    let lists = MutationRow.Kind.allCases.map { other -> (String, Value) in
      other == kind
        ? (other.method, Value(pages))
        : (other.method, Value([#"{"\#(other.listKey)":[]\#(modernFields)}"#]))
    }
    var book = Dictionary(uniqueKeysWithValues: lists)
    let capabilities =
      #"{"tools":{"listChanged":true},"prompts":{"listChanged":true},"#
      + #""resources":{"listChanged":true},"completions":{}}"#
    let identity = #"{"name":"shelf","version":"1"}"#
    switch era {
    case .legacy:
      book["initialize"] = Value([
        #"{"protocolVersion":"\#(version.name.string)","capabilities":\#(capabilities),"#
          + #""serverInfo":\#(identity)}"#
      ])
    case .modern:
      book["server/discover"] = Value([
        #"{"supportedVersions":["\#(version.name.string)"],"capabilities":\#(capabilities),"#
          + #""_meta":{"io.modelcontextprotocol/serverInfo":\#(identity)}\#(modernFields)}"#
      ])
    }
    let used =
      #"{"content":[],"messages":[],"contents":[],"completion":{"values":[]}\#(resultType)}"#
    for method in ["tools/call", "prompts/get", "completion/complete"] {
      book[method] = Value([used])
    }
    book["resources/read"] = Value([
      #"{"contents":[]\#(modernFields)}"#
    ])
    let text = try Value.object(book).text
    try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
  }

  private var resultType: String { era == .modern ? #","resultType":"complete""# : "" }
  private var modernFields: String {
    era == .modern ? resultType + #","ttlMs":60000,"cacheScope":"public""# : ""
  }

  private func change(_ host: Host, _ text: KeyPath<MutationRow, String>) throws {
    try offer(text)
    let methods = ["tools", "prompts", "resources"].map { "notifications/\($0)/list_changed" }
    try host.order(
      "request", ["method": "x-test/say", "params": ["methods": Value(methods)]])
  }

  // MARK: The host

  private func host(_ body: (Host) throws -> Void) throws {
    let host = try Host(argv, in: scene)
    let answer = try host.order(
      "connect", ["era": .string(era.rawValue), "version": .string(version.name.string)])
    if answer["result"] == .null {
      throw Host.Failure(description: "\(answer) \(try host.order("stderr"))")
    }
    try body(host)
    try host.leave()
  }

  /// One change of every row: detected, withheld, shown, and restored by an approval.
  private func round(
    _ host: Host, _ rows: [MutationRow], from old: KeyPath<MutationRow, String>,
    to new: KeyPath<MutationRow, String>, _ when: String
  ) throws {
    try check(host, rows, new, areHeld: false, "\(when), not approved")
    try check(host, rows, old, areHeld: false, "\(when), the earlier content")
    let outcomes = try uses(host, rows.map(\.changedName))
    for (row, outcome) in zip(rows, outcomes) where outcome != kind.refusal {
      failures.append("\(row.title), \(when): its use gave \(outcome)")
    }
    try checkDifference(rows, when)
    let digest = try scene.manifest("shelf")["waiting"]["digest"].string ?? ""
    let approved = try scene.cordon("approve", "shelf", "--manifest", digest)
    if approved.status != 0 { failures.append("\(when), approve: \(approved.errors)") }
    // The store tells the session; until it has, the list is the earlier one.
    let begin = ContinuousClock.now
    while ContinuousClock.now - begin < .seconds(5),
      try held(host, rows, new).contains(.bool(false))
    { usleep(5000) }
    try check(host, rows, new, areHeld: true, "\(when), approved")
  }

  private func held(
    _ host: Host, _ rows: [MutationRow], _ text: KeyPath<MutationRow, String>
  ) throws -> [Value] {
    try host.order(
      "held",
      ["method": .string(kind.method), "texts": Value(rows.map { $0[keyPath: text] })])["held"]
      .array
  }

  private func check(
    _ host: Host, _ rows: [MutationRow], _ text: KeyPath<MutationRow, String>, areHeld: Bool,
    _ when: String
  ) throws {
    let held = try held(host, rows, text)
    if held.count != rows.count { failures.append("\(when): no list") }
    for (row, isHeld) in zip(rows, held) where isHeld != .bool(areHeld) {
      failures.append("\(row.title), \(when): \(areHeld ? "not " : "")in the host's list")
    }
  }

  private func uses(_ host: Host, _ names: [String]) throws -> [Value] {
    try host.order("uses", ["requests": .array(names.map(kind.use))])["outcomes"].array
  }

  /// Every row's item waits, and its difference is in its row's field and nowhere else.
  private func checkDifference(_ rows: [MutationRow], _ when: String) throws {
    let diff = try scene.cordon("manifest", "diff", "shelf", "--format", "json")
    if diff.status != 1 { failures.append("\(when): manifest diff ends with \(diff.status)") }
    var items: [String: Value] = [:]
    for item in try Value.parse(diff.output)["items"].array
    where item["kind"].string == kind.rawValue {
      items[item["name"].string ?? ""] = item
    }
    if items.count != rows.count { failures.append("\(when): \(items.count) items are different") }
    for row in rows {
      guard let item = items[row.changedName] else {
        failures.append("\(row.title), \(when): not in the difference")
        continue
      }
      let paths = item["differences"].array.compactMap { $0["path"].string }
      // An element under another name is another element: the whole of both is shown.
      let isElementsName = row.path.count > 1 && row.path.last == .key("name") && !row.isOfName
      let expected = (isElementsName ? row.path.dropLast() : row.path[...]).map(\.description)
      if paths.isEmpty
        || !paths.allSatisfy({ WrittenPath.overlap(WrittenPath.steps($0), expected) })
      {
        failures.append("\(row.title), \(when): the difference has \(paths)")
      }
    }
  }
}
