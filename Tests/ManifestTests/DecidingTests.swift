import Digest
import JSON
import Manifest
import Testing

@Suite struct DecidingTests {
  private let old: Item
  private let new: Item
  private var record: ServerRecord

  init() throws {
    old = try Samples.tool("a", "Reads.")
    new = try Samples.tool("a", "Sends.")
    record = try Samples.approved([old])
    try record.list([new, Samples.tool("b")])
  }

  @Test func approvalTakesExactlyTheContentNamed() throws {
    var record = record
    let outcome = try record.approve(new.key, digest: new.digest, by: Samples.person)
    #expect(outcome.isChange && outcome.dropped == 0)
    #expect(record.pins.state(new.key, new.digest) == .approved)
    #expect(record.pins.state(new.key, old.digest) == .unknown)
    #expect(record.waiting.map(\.key.name) == ["b"])
    let entry = try #require(record.history.last)
    #expect(entry.action == .approved && entry.from == old.digest && entry.digest == new.digest)
    #expect(entry.origin == Samples.person)
  }

  @Test func staleDigestChangesNothing() throws {
    var record = record
    let other = try Samples.tool("a", "Something else.")
    let before = record
    #expect(throws: DecisionError.stale(new.key, current: new.digest)) {
      try record.approve(new.key, digest: other.digest, by: Samples.person)
    }
    #expect(throws: DecisionError.stale(new.key, current: new.digest)) {
      try record.reject(new.key, digest: other.digest, by: Samples.person)
    }
    #expect(throws: DecisionError.unknownItem(ItemKey(.prompt, "a"))) {
      try record.approve(ItemKey(.prompt, "a"), digest: new.digest, by: Samples.person)
    }
    #expect(record == before)
  }

  @Test func decidingAgainIsNoChange() throws {
    var record = record
    #expect(try !record.approve(old.key, digest: old.digest, by: Samples.person).isChange)
    _ = try record.reject(new.key, digest: new.digest, by: Samples.person)
    #expect(try !record.reject(new.key, digest: new.digest, by: Samples.person).isChange)
  }

  @Test func rejectedContentStaysAwayUntilItChanges() throws {
    var record = record
    _ = try record.reject(new.key, digest: new.digest, by: Samples.person)
    #expect(record.pins.state(new.key, new.digest) == .rejected)
    #expect(record.pins.state(old.key, old.digest) == .approved)
    #expect(try record.list([new]).rejected.map(\.digest) == [new.digest])
    #expect(record[new.key]?.waiting == nil)
    let third = try Samples.tool("a", "Third.")
    #expect(try record.list([third]).changed.map(\.digest) == [third.digest])
    #expect(try record.list([new]).rejected.map(\.digest) == [new.digest])
  }

  @Test func rejectedContentCanBeApprovedLater() throws {
    var record = record
    _ = try record.reject(new.key, digest: new.digest, by: Samples.person)
    _ = try record.approve(new.key, digest: new.digest, by: Samples.person)
    #expect(record.pins.state(new.key, new.digest) == .approved)
    #expect(record.pins.rejected.isEmpty)
  }

  @Test func approvalCanBeRevoked() throws {
    var record = record
    _ = try record.reject(old.key, digest: old.digest, by: Samples.person)
    #expect(record.pins.state(old.key, old.digest) == .rejected)
    #expect(record.history.last?.action == .revoked)
  }

  @Test func wholeManifestIsApprovedByItsDigestToBe() throws {
    var record = record
    let digest = record.waitingDigest
    #expect(digest != record.approvedDigest)
    _ = try record.approve(manifest: digest, by: Samples.person)
    #expect(record.approvedDigest == digest)
    #expect(record.waitingDigest == digest)
    #expect(record.pins.manifestDigest == digest)
    #expect(throws: DecisionError.nothingWaiting) {
      try record.approve(manifest: digest, by: Samples.person)
    }
  }

  @Test func wholeManifestIsNotApprovedOnceMoreWaits() throws {
    var record = record
    let shown = record.waitingDigest
    try record.list([new, Samples.tool("b"), Samples.tool("c")])
    let before = record
    #expect(throws: DecisionError.staleManifest(current: record.waitingDigest)) {
      try record.approve(manifest: shown, by: Samples.person)
    }
    #expect(throws: DecisionError.self) {
      try record.approve(manifest: record.approvedDigest, by: Samples.person)
    }
    #expect(record == before)
  }

  @Test func forgettingLeavesTheHistoryAlone() throws {
    var record = record
    let past = record.history
    record.forget(by: Samples.person)
    #expect(record.items.isEmpty && record.lineage == nil && record.baselined.isEmpty)
    #expect(record.history.dropLast() == past[...])
    #expect(record.history.last?.action == .forgotten)
    #expect(try record.list([new], .trust).trusted.count == 1)
  }

  @Test func historyIsBounded() throws {
    var record = record
    for _ in 0..<ServerRecord.historyLimit {
      _ = try record.reject(new.key, digest: new.digest, by: Samples.person)
      _ = try record.approve(new.key, digest: new.digest, by: Samples.person)
    }
    #expect(record.history.count == ServerRecord.historyLimit)
  }
}
