import JSON
import Manifest
import Testing

/// What published servers say of themselves gives rise to little.
@Suite struct ReleaseFindingTests {
  @Test(arguments: TestData.files(in: "manifests").filter { $0.hasSuffix(".json") })
  func aPublishedServerHasFewFindings(file: String) throws {
    let list = try JSONReader.parse(try #require(TestData.read("manifests/\(file)")))
    let tools = try (list["tools"]?.array ?? []).map {
      try Item.tool(fromRaw: JSONCanonical.write($0))
    }
    var record = ServerRecord()
    try record.list(tools)
    let found = tools.flatMap { tool in
      Finding.all(kind: .tool, canonical: tool.canonical, in: record).map { (tool.name, $0) }
    }
    #expect(found.isEmpty)
  }
}
