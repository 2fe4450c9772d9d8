import Glibc
import JSON
import Manifest
import Testing

/// What a person who approved one release of a published server is asked at the next.
///
/// The texts are beside the recorded releases. With `CORDON_WRITE_GOLDENS` in the environment the test
/// writes them anew: read what changed in them as the person who has to judge it in ten seconds.
@Suite struct ReleaseSeriesTests {
  struct Step: Sendable, CustomTestStringConvertible {
    let server: String
    let from: String
    let to: String
    var testDescription: String { "\(server) \(from) to \(to)" }
    var file: String { "\(server)-\(to)-after-\(from).txt" }
  }

  private static let series = [
    (
      "mcp-server-git",
      ["0.6.2", "2025.1.14", "2025.7.1", "2025.9.25", "2025.11.25", "2025.12.18"]
    ),
    (
      "mcp-server-time",
      [
        "0.6.2", "2025.7.1", "2025.8.4", "2025.9.25", "2026.1.26", "2026.6.4", "2026.8.18",
        "2026.10.19",
      ]
    ),
  ]

  static let steps = series.flatMap { server, releases in
    zip(releases, releases.dropFirst()).map { Step(server: server, from: $0, to: $1) }
  }

  @Test(arguments: steps) func difference(_ step: Step) throws {
    var record = try Samples.approved(try Self.tools(step.server, step.from))
    try record.list(try Self.tools(step.server, step.to))
    let text = Self.text(of: record)
    guard unsafe getenv("CORDON_WRITE_GOLDENS") == nil else {
      return try TestData.write(Array(text.utf8), to: "manifests/steps/\(step.file)")
    }
    let golden = try #require(TestData.read("manifests/steps/\(step.file)"))
    #expect(text == String(decoding: golden, as: UTF8.self))
  }

  @Test func everyReleaseIsInTheSeries() {
    let named = Self.series.flatMap { server, releases in releases.map { "\(server)-\($0).json" } }
    #expect(TestData.files(in: "manifests").filter { $0.hasSuffix(".json") } == named.sorted())
  }

  private static func tools(_ server: String, _ release: String) throws -> [Item] {
    let file = try #require(TestData.read("manifests/\(server)-\(release).json"))
    let list = try JSONReader.parse(file)
    return try (list["tools"]?.array ?? []).map { try Item.tool(fromRaw: JSONCanonical.write($0)) }
  }

  private static func text(of record: ServerRecord) -> String {
    var lines: [String] = []
    for item in WaitingItem.all(in: record) {
      let was = item.renamed.map { ", was \(Rendering.name($0))" } ?? ""
      lines.append("\(item.change) \(Rendering.name(item.pin.key))\(was)")
      lines.append("  \(item.difference.summary.sentence)")
      lines += item.difference.lines(width: 76).map { "  " + $0 }
      lines.append("")
    }
    for pin in record.removed { lines.append("removed \(Rendering.name(pin.key))") }
    if lines.isEmpty { lines.append("nothing changed") }
    return lines.joined(separator: "\n") + "\n"
  }
}
