import Digest
import Glibc
import JSON
import Kernel
import Manifest
import Testing

@testable import Commands

@Suite struct DecisionTests {
  @Test(arguments: ["decisions", "decisions-usage"])
  func script(_ name: String) throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    try ScriptTests.play(
      try Script(named: name, replacing: Fixture.values()), in: world)
  }

  /// The host's own agent, with its shell, reads but does not decide.
  @Test(arguments: [
    ["approve", "notes", "--manifest", "{all}"], ["reject", "notes", "tool:add@{add}"],
    ["manifest", "forget", "notes"], ["review", "notes"],
  ])
  func belowARunningHost(_ arguments: [String]) throws {
    let world = try World()
    let record = try Fixture.record()
    try Fixture.store(record, as: "notes", in: world)
    world.host = RunningHost(process: 42, server: "other")
    world.keys = [.character(UInt8(ascii: "a"))]
    let values = try Fixture.values()
    let filled = arguments.map { word in
      values.reduce(word) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
    #expect(world.run(filled) == ExitCode.refused.rawValue)
    #expect(
      world.errors == """
        cordon: error: this command was started below process 42, the program that uses the \
        running server 'other': it, or an agent in it, must not approve for itself
        hint: open a terminal of your own, outside that program, and run the same command there

        """)
    #expect(try Self.load("notes", world) == record)
    #expect(world.run(["manifest", "show", "notes"]) == 0)
  }

  /// Without an answer whose host this is, nothing is decided.
  @Test func aRegistryThatCannotBeReadIsAnError() throws {
    let world = try World()
    #expect(try liveHostAncestor(in: world.places) == nil)
    try Files.makeDirectories(world.places.state, mode: 0o700)
    try Files.replace(world.places.state + "/sessions", with: [], mode: 0o600)
    let error = #expect(throws: CommandError.self) { try liveHostAncestor(in: world.places) }
    #expect(error?.exitCode == .storeFailure)
  }

  @Test func everyDecisionIsAudited() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    let values = try Fixture.values()
    let list = try #require(values["list-new"])
    #expect(world.run(["approve", "notes", "tool:list@\(list)"]) == 0)
    #expect(world.run(["approve", "notes", "tool:list@\(list)"]) == 0)
    #expect(world.run(["reject", "notes", "tool:list@\(list)"]) == 0)
    #expect(world.run(["manifest", "forget", "notes"]) == 0)
    let lines = try Files.read(world.places.audit + "/notes.jsonl", limit: 1 << 20)
      .split(separator: UInt8(ascii: "\n")).map { try JSONReader.parse(Array($0)) }
    #expect(
      lines.compactMap { $0["event"]?.string } == ["approval", "rejection", "forgotten"])
    #expect(lines.first?["name"]?.string == "list")
    #expect(lines.first?["digest"]?.string == JSONString(list))
    #expect(lines.first?["who"]?.string == JSONString("uid \(getuid())"))
  }

  /// What can't be recorded is not decided.
  @Test func withoutAuditNoDecision() throws {
    let world = try World()
    let record = try Fixture.record()
    try Fixture.store(record, as: "notes", in: world)
    try Files.makeDirectories(world.places.audit + "/notes.jsonl", mode: 0o700)
    let all = record.waitingDigest.hex
    #expect(world.run(["approve", "notes", "--manifest", all]) == ExitCode.storeFailure.rawValue)
    #expect(try Self.load("notes", world) == record)
  }

  @Test func everythingThatWaitsByOneDigest() throws {
    let world = try World()
    let record = try Fixture.record()
    try Fixture.store(record, as: "notes", in: world)
    #expect(
      world.run(["approve", "notes", "--manifest=\(record.waitingDigest)", "--format=json"]) == 0)
    let document = try JSONReader.parse(world.output)
    #expect(document["schema"]?.int64 == 1)
    #expect(document["decision"]?.string == "approved")
    #expect(document["items"]?.array?.count == 2)
    #expect(document["waiting"]?.int64 == 0)
    #expect(try Self.load("notes", world).approvedDigest == record.waitingDigest)
  }

  @Test func anotherProgramUnderTheName() throws {
    let world = try World()
    var record = try Fixture.record()
    let launch = try Fixture.item(.launch, "", #"{"executable":"/usr/bin/node"}"#)
    _ = try record.observeLaunch(launch, lineage: Lineage(of: ["node"]), by: Fixture.origin)
    try Fixture.store(record, as: "notes", in: world)
    #expect(world.run(["approve", "notes", "launch@\(launch.digest)"]) == 0)
    #expect(
      world.errors
        == "cordon: another program has the name 'notes' now: 3 earlier decisions were dropped\n")
  }

  /// Who, when, how, which digest, and instead of which: the latest first.
  @Test func history() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    let values = try Fixture.values()
    let (new, old) = (try #require(values["list-new"]), try #require(values["list-old"]))
    #expect(world.run(["approve", "notes", "tool:list@\(new)"]) == 0)
    #expect(world.run(["manifest", "history", "notes", "tool:list"]) == 0)
    let lines = world.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0].hasSuffix("Z approved tool:list@\(new)"))
    #expect(lines[1] == "  by uid \(getuid()), with the command cordon approve")
    #expect(lines[2] == "  instead of \(old)")
    #expect(lines[3] == "2025-01-01T00:00:00.000Z approved tool:list@\(old)")
    #expect(lines[4] == "  by uid 1, test")
    #expect(world.run(["manifest", "forget", "notes"]) == 0)
    #expect(world.run(["manifest", "history", "notes", "--format", "json"]) == 0)
    let document = try JSONReader.parse(world.output)
    #expect(document["schema"]?.int64 == 1)
    let entries = try #require(document["history"]?.array)
    #expect(entries.count == 6)
    #expect(entries[0]["action"]?.string == "forgotten")
    #expect(entries[0]["count"]?.int64 == 4)
    #expect(entries[1]["from"]?.string == JSONString(old))
    #expect(entries[1]["how"]?.string == "approve")
    #expect(world.run(["manifest", "history", "notes", "tool:none"]) == 0)
    #expect(world.text == "")
  }

  @Test func damagedStore() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    try Files.replace(world.places.approvals + "/notes.json", with: Array("{".utf8), mode: 0o600)
    #expect(world.run(["manifest", "show", "notes"]) == ExitCode.storeFailure.rawValue)
    #expect(world.errors.contains("notes.json.damaged-1"))
  }

  @Test func aDefinedServerThatNeverRanIsKnown() throws {
    let world = try World()
    try Files.makeDirectories(world.places.servers, mode: 0o700)
    try Files.replace(world.places.definition(of: "fresh"), with: [], mode: 0o600)
    #expect(world.run(["manifest", "show", "fresh"]) == 0)
    #expect(world.text == "fresh: 0 approved, 0 waiting, 0 rejected\n")
  }

  static func load(_ name: String, _ world: World) throws -> ServerRecord {
    try ApprovalStore(directory: world.places.approvals, name: name).load()
  }
}
