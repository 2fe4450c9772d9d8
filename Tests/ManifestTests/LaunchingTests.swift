import Digest
import JSON
import Manifest
import Testing

@Suite struct LaunchingTests {
  private let first: Item
  private let second: Item
  private let other = Lineage(of: ["python3", "other.py"])

  init() throws {
    first = try Samples.launch("notes.py")
    second = try Samples.launch("--verbose")
  }

  private func launch(
    _ record: inout ServerRecord, _ item: Item, _ lineage: Lineage = Samples.lineage
  ) throws -> LaunchVerdict {
    try record.observeLaunch(item, lineage: lineage, by: Samples.cordon).verdict
  }

  @Test func firstLaunchIsApprovedByBeingFirst() throws {
    var record = ServerRecord()
    #expect(try launch(&record, first) == .first)
    #expect(try launch(&record, first) == .approved)
    #expect(record.lineage == Samples.lineage)
    #expect(record.pins.state(ServerRecord.launchKey, first.digest) == .approved)
  }

  /// Where the profile says `launch: ask`, being the first approves nothing, nor does any later launch
  /// before a person has decided.
  @Test func firstLaunchThatIsAskedAboutWaits() throws {
    var record = ServerRecord()
    let ask = { (record: inout ServerRecord, item: Item) in
      try record.observeLaunch(
        item, lineage: Samples.lineage, firstUse: .ask, by: Samples.cordon
      ).verdict
    }
    #expect(try ask(&record, first) == .waiting(first.digest, isOtherLineage: false))
    #expect(try ask(&record, second) == .waiting(second.digest, isOtherLineage: false))
    #expect(record.waiting.map(\.key) == [ServerRecord.launchKey])
    #expect(record.lineage == nil)
    #expect(record.history.isEmpty)
    _ = try record.approve(ServerRecord.launchKey, digest: second.digest, by: Samples.person)
    #expect(try ask(&record, second) == .approved)
    #expect(try ask(&record, first) == .waiting(first.digest, isOtherLineage: false))
    // Nor does it matter that the rule is gone: a person has decided.
    #expect(try launch(&record, first) == .waiting(first.digest, isOtherLineage: false))
  }

  @Test func whatWasTakenAsFirstIsAskedAboutOnceItChanges() throws {
    var record = ServerRecord()
    _ = try launch(&record, first)
    let verdict = try record.observeLaunch(
      second, lineage: Samples.lineage, firstUse: .ask, by: Samples.cordon
    ).verdict
    #expect(verdict == .waiting(second.digest, isOtherLineage: false))
  }

  @Test func changedLaunchReplacesOneOfWhichNothingWasListed() throws {
    var record = ServerRecord()
    _ = try launch(&record, first)
    #expect(try launch(&record, second) == .replaced)
    #expect(record.pins.approved(ServerRecord.launchKey) == second.digest)
  }

  @Test func changedLaunchWaitsOnceAnythingWasListed() throws {
    var record = ServerRecord()
    _ = try launch(&record, first)
    try record.list([Samples.tool("a")])
    #expect(try launch(&record, second) == .waiting(second.digest, isOtherLineage: false))
    #expect(record.pins.approved(ServerRecord.launchKey) == first.digest)
  }

  @Test func changedLaunchUnderANameWithApprovalsWaits() throws {
    var record = try Samples.approved([Samples.tool("a")])
    #expect(try launch(&record, second) == .waiting(second.digest, isOtherLineage: false))
    #expect(record.pins.approved(ServerRecord.launchKey) == first.digest)
    let outcome = try record.approve(
      ServerRecord.launchKey, digest: second.digest, by: Samples.person)
    #expect(outcome.dropped == 0)
    #expect(try launch(&record, second) == .approved)
    #expect(record.pins.approved.count == 2)
  }

  @Test func goingBackToTheApprovedLaunchLeavesNothingWaiting() throws {
    var record = try Samples.approved([Samples.tool("a")])
    _ = try launch(&record, second)
    #expect(try launch(&record, first) == .approved)
    #expect(record.waitingCount == 0)
  }

  @Test func anotherProgramWaitsEvenBeforeAnyApproval() throws {
    var record = ServerRecord()
    _ = try launch(&record, first)
    #expect(try launch(&record, second, other) == .waiting(second.digest, isOtherLineage: true))
  }

  @Test func anotherProgramInheritsNothing() throws {
    let tool = try Samples.tool("a")
    let rejected = try Samples.tool("a", "Rejected.")
    var record = try Samples.approved([tool, Samples.tool("b")])
    try record.list([rejected])
    _ = try record.reject(tool.key, digest: rejected.digest, by: Samples.person)
    _ = try launch(&record, second, other)
    // Waiting for it drops nothing yet.
    #expect(record.pins.approved.count == 3)
    let outcome = try record.approve(
      ServerRecord.launchKey, digest: second.digest, by: Samples.person)
    #expect(outcome.dropped == 2)
    #expect(record.lineage == other)
    #expect(record.items.keys.map(\.kind) == [.launch])
    #expect(record.history.suffix(2).map(\.action) == [.dropped, .approved])
    #expect(try record.list([tool], .trust).trusted.count == 1)
  }

  @Test func wholeManifestOfAnotherProgramIsItsLaunchAlone() throws {
    var record = try Samples.approved([Samples.tool("a")])
    try record.list([Samples.tool("a"), Samples.tool("b")])
    _ = try launch(&record, second, other)
    #expect(record.waitingDigest == ManifestDigest.over([second.digest]))
    let outcome = try record.approve(manifest: record.waitingDigest, by: Samples.person)
    #expect(outcome.dropped == 1)
    #expect(record.pins.approved.map(\.digest) == [second.digest])
  }

  @Test func rejectedLaunchStaysAway() throws {
    var record = try Samples.approved([Samples.tool("a")])
    _ = try launch(&record, second)
    _ = try record.reject(ServerRecord.launchKey, digest: second.digest, by: Samples.person)
    #expect(try launch(&record, second) == .rejected(second.digest))
    #expect(try launch(&record, first) == .approved)
  }

  @Test func revokedLaunchLeavesNoFirstUse() throws {
    var record = ServerRecord()
    _ = try launch(&record, first)
    _ = try record.reject(ServerRecord.launchKey, digest: first.digest, by: Samples.person)
    #expect(try launch(&record, first) == .rejected(first.digest))
    #expect(try launch(&record, second) == .waiting(second.digest, isOtherLineage: false))
  }

  @Test func filesPinnedByPathAreReported() throws {
    var record = ServerRecord()
    func files(_ text: String) -> [(path: JSONString, digest: Digest)] {
      [("/usr/bin/python3", SHA256.hash(Array(text.utf8)))]
    }
    func changed(_ text: String) throws -> [JSONString] {
      try record.observeLaunch(
        first, lineage: Samples.lineage, files: files(text), by: Samples.cordon
      ).changedFiles
    }
    #expect(try changed("3.11") == [])
    #expect(try changed("3.11") == [])
    #expect(try changed("3.12") == ["/usr/bin/python3"])
    #expect(try changed("3.12") == [])
  }

  @Test func lineagesPartsAreNotRunTogether() {
    #expect(Lineage(of: ["a", "bc"]) != Lineage(of: ["ab", "c"]))
    #expect(Lineage(of: ["a"]) != Lineage(of: ["a", ""]))
  }

  /// The bytes do not depend on the order in which a dictionary gives its entries.
  @Test func descriptionHasOneForm() throws {
    var launch = LaunchDescription(
      executable: .init(path: "/opt/x", digest: SHA256.hash("x".utf8)))
    launch.environment = ["B": "2", "A": "1"]
    launch.grants = ["filesystem.readOnly": ["/opt"], "secrets": ["TOKEN"]]
    let text = String(decoding: try launch.item().canonical, as: UTF8.self)
    #expect(
      text == #"{"arguments":[],"environment":{"A":"1","B":"2"},"executable":{"path":"/opt/x","#
        + #""sha256":"\#(SHA256.hash("x".utf8))"},"files":[],"#
        + #""grants":{"filesystem.readOnly":["/opt"],"secrets":["TOKEN"]},"unpinned":[]}"#)
  }
}
