import Manifest
import Testing

/// What differs in its bytes is never shown as nothing.
@Suite struct ListOrderTests {
  private func difference(_ old: String, _ new: String) throws -> Difference {
    try Difference(kind: .prompt, from: Array(old.utf8), to: Array(new.utf8))
  }

  @Test(arguments: [
    (#"{"name":"a"},{"name":"b"}"#, #"{"name":"b"},{"name":"a"}"#),
    (#"{"name":"a"},{"name":"b"},{"name":"c"}"#, #"{"name":"c"},{"name":"a"},{"name":"b"}"#),
    (#"{"name":"a"},{"name":"b"}"#, #"{"name":"b"},{"name":"new"},{"name":"a"}"#),
    (#"{"x":1},{"x":2}"#, #"{"x":2},{"x":1}"#), (#"[1],[2]"#, #"[2],[1]"#), ("1,2", "2,1"),
  ])
  func anotherOrderIsADifference(old: String, new: String) throws {
    let difference = try difference(#"{"arguments":[\#(old)]}"#, #"{"arguments":[\#(new)]}"#)
    #expect(!difference.isEmpty)
    #expect(!difference.lines().isEmpty)
    #expect(difference.entries.allSatisfy { !$0.path.steps.isEmpty }, "not shown by its fields")
  }

  @Test func inOneOrderElementsAreFoundByTheirNames() throws {
    let difference = try difference(
      #"{"arguments":[{"name":"a","x":1},{"name":"b","x":1}]}"#,
      #"{"arguments":[{"name":"new"},{"name":"a","x":1},{"name":"b","x":2}]}"#)
    #expect(
      Set(difference.entries.map(\.path.description))
        == ["arguments[name=new].name", "arguments[name=b].x"])
  }

  @Test func bytesThatDifferWithoutAFieldThatDoesAreShownWhole() throws {
    let difference = try difference(#"{"a":1}"#, #"{"a": 1}"#)
    #expect(difference.entries.count == 1)
    #expect(difference.lines().contains { $0.contains(#"{"a": 1}"#) })
    #expect(try self.difference(#"{"a":1}"#, #"{"a":1}"#).isEmpty)
  }
}
