import JSON
import Manifest
import Testing

@Suite struct ObservingTests {
  @Test func firstListingWaitsUnderAsk() throws {
    var record = ServerRecord()
    let tools = try [Samples.tool("b"), Samples.tool("a")]
    let observation = try record.list(tools)
    #expect(observation.new.map(\.key.name) == ["b", "a"])
    #expect(record.pins.approved.isEmpty)
    #expect(record.waitingCount == 2)
    #expect(record.waiting.map(\.key.name) == ["a", "b"])
  }

  @Test func firstListingIsApprovedUnderTrustOnce() throws {
    var record = ServerRecord()
    #expect(try record.list([Samples.tool("a")], .trust).trusted.count == 1)
    #expect(record.history.map(\.action) == [.approved])
    let second = try record.list([Samples.tool("a"), Samples.tool("b")], .trust)
    #expect(second.trusted.isEmpty)
    #expect(second.new.map(\.key.name) == ["b"])
    #expect(record.pins.state(ItemKey(.tool, "b"), second.new[0].digest) == .waiting)
  }

  @Test func emptyListingIsAFirstUseToo() throws {
    var record = ServerRecord()
    try record.list([], .trust)
    #expect(try record.list([Samples.tool("a")], .trust).trusted.isEmpty)
  }

  @Test func kindsHaveTheirFirstUseApart() throws {
    var record = try Samples.approved([Samples.tool("a")])
    let prompt = try Item.read(.prompt, Array(#"{"name":"p"}"#.utf8))
    let observation = try record.observe(
      kind: .prompt, items: [prompt], firstUse: .trust, by: Samples.cordon)
    #expect(observation.trusted.count == 1)
  }

  @Test func decisionEndsTheFirstUseOfWhatWasListed() throws {
    var record = ServerRecord()
    let tool = try Samples.tool("a")
    try record.list([tool])
    _ = try record.reject(tool.key, digest: tool.digest, by: Samples.person)
    let observation = try record.list([tool, Samples.tool("b")], .trust)
    #expect(observation.trusted.isEmpty)
    #expect(observation.rejected.map(\.key.name) == ["a"])
    #expect(record.pins.approved.isEmpty)
  }

  @Test func trustAfterAskApprovesWhatWaitedAlone() throws {
    var record = ServerRecord()
    let tool = try Samples.tool("a")
    try record.list([tool])
    #expect(try record.list([tool], .trust).trusted.count == 1)
    #expect(record.waitingCount == 0)
  }

  @Test func changedItemWaitsBesideTheApprovedOne() throws {
    let old = try Samples.tool("a", "Reads.")
    let new = try Samples.tool("a", "Reads and sends.")
    var record = try Samples.approved([old])
    #expect(try record.list([new], .trust).changed.map(\.digest) == [new.digest])
    #expect(record[old.key]?.approved?.canonical == old.canonical)
    #expect(record[old.key]?.waiting?.canonical == new.canonical)
    #expect(record.pins.state(old.key, new.digest) == .waiting)
    #expect(record.pins.state(old.key, old.digest) == .approved)
    #expect(try record.list([new]).isQuiet)
    #expect(try record.list([old]).isQuiet)
    #expect(record.waitingCount == 0)
  }

  @Test func removalIsToldOnceAndKeepsTheApproval() throws {
    let tools = try [Samples.tool("a"), Samples.tool("b")]
    var record = try Samples.approved(tools)
    #expect(try record.list([tools[0]]).removed.map(\.key.name) == ["b"])
    #expect(try record.list([tools[0]]).isQuiet)
    #expect(try record.list(tools).isQuiet)
    #expect(record.pins.approved.count == 3)
  }

  @Test func waitingItemThatIsNotListedStaysWaiting() throws {
    var record = ServerRecord()
    try record.list([Samples.tool("a"), Samples.tool("b")])
    try record.list([Samples.tool("a")])
    #expect(record.waitingCount == 2)
  }

  @Test func oneNameTwiceServesNeither() throws {
    let good = try Samples.tool("a")
    let evil = try Samples.tool("a", "Evil.")
    var record = try Samples.approved([good])
    for listing in [[good, evil], [evil, good], [good, good]] {
      let observation = try record.list(listing)
      #expect(observation.ambiguous == ["a"])
      #expect(observation.new.isEmpty && observation.changed.isEmpty)
      #expect(record.pins.state(good.key, good.digest) == .unknown)
      #expect(record.pins.state(good.key, evil.digest) == .unknown)
      #expect(throws: DecisionError.ambiguous(good.key)) {
        try record.approve(good.key, digest: good.digest, by: Samples.person)
      }
    }
    try record.list([good])
    #expect(record.pins.state(good.key, good.digest) == .approved)
  }

  @Test func oneNameTwiceIsNotTrusted() throws {
    var record = ServerRecord()
    let listing = try [Samples.tool("a"), Samples.tool("a", "Other.")]
    #expect(try record.list(listing, .trust).trusted.isEmpty)
    #expect(record.pins.approved.isEmpty)
    #expect(record[ItemKey(.tool, "a")]?.isAmbiguous == true)
    try record.list([])
    #expect(record.items.isEmpty)
  }

  /// Swift's String holds the two equal.
  @Test func namesAreComparedByBytes() throws {
    var record = ServerRecord()
    let observation = try record.list([
      Samples.tool("caf\\u00e9"), Samples.tool("cafe\\u0301"),
    ])
    #expect(observation.ambiguous.isEmpty)
    #expect(observation.new.count == 2)
  }

  @Test func contentMayBeLeftOutOnlyWhereItIsKnown() throws {
    let tool = try Samples.tool("a")
    let other = try Samples.tool("b")
    var record = try Samples.approved([tool])
    let pins = [Pin(tool.key, tool.digest), Pin(other.key, other.digest)]
    let before = record
    #expect(throws: ObservationError.missingBody(pins[1])) {
      try record.observe(
        kind: .tool, present: pins, bodies: [], firstUse: .ask, by: Samples.cordon)
    }
    #expect(record == before)
    let observation = try record.observe(
      kind: .tool, present: pins, bodies: [other], firstUse: .ask, by: Samples.cordon)
    #expect(observation.new == [pins[1]])
  }

  /// Digests are computed here, so a content cannot be passed off under another's.
  @Test func contentOfAnotherDigestIsNotTaken() throws {
    var record = ServerRecord()
    let shown = try Samples.tool("a")
    let sent = try Samples.tool("a", "Other.")
    #expect(throws: ObservationError.missingBody(Pin(shown.key, shown.digest))) {
      try record.observe(
        kind: .tool, present: [Pin(shown.key, shown.digest)], bodies: [sent], firstUse: .ask,
        by: Samples.cordon)
    }
  }

  @Test func kindsAreNotMixed() throws {
    var record = ServerRecord()
    let tool = try Samples.tool("a")
    #expect(throws: ObservationError.wrongKind(.tool)) {
      try record.observe(kind: .prompt, items: [tool], firstUse: .ask, by: Samples.cordon)
    }
    #expect(throws: ObservationError.wrongKind(.launch)) {
      try record.observe(kind: .launch, items: [], firstUse: .ask, by: Samples.cordon)
    }
  }

  @Test func itemsAreLimitedInNumber() throws {
    var record = ServerRecord()
    let many = try (0..<ServerRecord.itemLimit).map { try Samples.tool("t\($0)") }
    try record.list(many)
    let before = record
    #expect(throws: ObservationError.tooManyItems(ServerRecord.itemLimit + 1)) {
      try record.observe(
        kind: .tool, items: many + [Samples.tool("one more")], firstUse: .ask, by: Samples.cordon)
    }
    #expect(record == before)
    // What is no longer offered makes room.
    try record.list([Samples.tool("new")])
    #expect(record.waiting.map(\.key.name) == ["new"])
  }

  @Test func itemsAreLimitedInSize() throws {
    var record = ServerRecord()
    let large = String(repeating: "x", count: Item.sizeLimit - 200)
    let items = try (0..<33).map { try Samples.tool("t\($0)", large) }
    #expect(throws: ObservationError.self) { try record.list(items) }
    #expect(record.items.isEmpty)
  }

  @Test func resourcesAreReportedOnly() throws {
    var record = ServerRecord()
    func resource(_ uri: String, _ title: String) throws -> Item {
      try Item.read(.resource, Array(#"{"uri":"\#(uri)","title":"\#(title)"}"#.utf8))
    }
    func list(_ items: [Item]) throws -> Observation {
      try record.observe(kind: .resource, items: items, firstUse: .ask, by: Samples.cordon)
    }
    #expect(try list([resource("a:1", "x")]).isQuiet)
    let observation = try list([resource("a:1", "y"), resource("a:2", "x")])
    #expect(observation.reported.map(\.key.name) == ["a:1", "a:2"])
    #expect(try list([]).removed.count == 2)
    #expect(record.items.isEmpty)
  }
}
