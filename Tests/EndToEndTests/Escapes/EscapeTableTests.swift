import Foundation
import Testing

extension EscapeTests {
  /// The table of all attempts, and the README's, which is made from it.
  @Suite struct Table {
    let table: EscapeTable

    init() throws {
      let outcomes = try Outcomes.made.get()
      let visits = try TwoServers.Visits.made.get()
      var table = EscapeTable()
      table.add(
        outcomes.attempts, outside: { outcomes.outside($0) },
        inside: { outcomes.inside($0, $1) })
      table.add(
        visits.attempts, outside: { visits.outside[$0.name] ?? .missing },
        inside: { visits.inside[$0]?[$1.name] ?? .missing })
      self.table = table
    }

    /// `Tests/run` shows the file behind the tests.
    @Test func isPrinted() throws {
      guard let path = ProcessInfo.processInfo.environment["CORDON_ESCAPE_TABLE"] else {
        print(table.text)
        return
      }
      try Data(table.text.utf8).write(to: URL(filePath: path))
    }

    /// The peers' columns depend on their versions and on the kernel; Cordon's must hold everywhere.
    @Test func theReadmeSaysTheSame() throws {
      let readme = try String(contentsOfFile: Places.root + "/README.md", encoding: .utf8)
      let lines = readme.split(separator: "\n").map { line in
        line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      for family in table.families {
        let line = try #require(
          lines.first { $0.first == family.title && $0.count == 6 }, "no line for \(family.title)")
        #expect(line[1] == "\(family.attempts)", "\(family.title): attempts")
        #expect(line[2] == "\(family.cordon)", "\(family.title): denied by Cordon")
      }
    }
  }
}
