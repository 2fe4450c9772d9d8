import Kernel
import Manifest
import Testing

@testable import Commands

/// `list`, `show` and `remove` in a world of its own: what they print, and what is left.
@Suite struct ServerListTests {
  @Test func everyTraceOfAServerIsListedOnce() throws {
    let world = try World()
    #expect(world.run(["list"]) == 0)
    #expect(world.text.isEmpty)
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    for path in [
      "config/servers/notes.jsonc", "config/servers/time.jsonc", "config/servers/no name.jsonc",
    ] {
      try Files.makeDirectories(Files.parent(of: "\(world.root)/\(path)"), mode: 0o700)
      try Files.replace(
        "\(world.root)/\(path)", with: Array(#"{"command":"x"}"#.utf8), mode: 0o600)
    }
    try Files.makeDirectories("\(world.places.homes)/adhoc/0123", mode: 0o700)
    #expect(world.run(["list"]) == 0)
    #expect(
      world.text == """
        adhoc  ad hoc   -        -
        notes  defined  -        2 waiting
        time   defined  -        -

        """)
  }

  @Test func aDamagedRecordHidesNoOtherServer() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    try Files.replace("\(world.places.approvals)/bad.json", with: [0x7B], mode: 0o600)
    #expect(world.run(["list", "--format", "json"]) == 0)
    #expect(world.text.contains(#"{"name":"bad","defined":false,"running":0,"waiting":null}"#))
    #expect(world.text.contains(#"{"name":"notes","defined":false,"running":0,"waiting":2}"#))
    #expect(world.errors.contains("bad.json"))
  }

  /// The person's word is one key, and anything but y leaves everything.
  @Test(arguments: [
    (Dialogue.Key.character(UInt8(ascii: "n")), Int32(77)), (.end, 77), (.sequence, 77),
    (.character(UInt8(ascii: "y")), 0),
  ])
  func aPersonIsAsked(key: Dialogue.Key, status: Int32) throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    world.keys = [key]
    #expect(world.run(["remove", "notes"]) == status)
    #expect(world.screen.contains("Remove 'notes'?"))
    #expect(Files.exists("\(world.places.approvals)/notes.json") == (status != 0))
    if status == 0 {
      #expect(world.text == "notes: removed with 4 decisions, 0 files\n")
      let log = try Files.read("\(world.places.audit)/notes.jsonl", limit: 1 << 16)
      #expect(String(decoding: log, as: UTF8.self).contains(#""event":"removed""#))
      #expect(try Files.list(world.places.approvals).isEmpty)
    }
  }

  /// To remove is to decide: the host's own agent must not.
  @Test func aHostsDescendantRemovesNothing() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    world.host = RunningHost(process: 7, server: "notes")
    #expect(world.run(["remove", "notes", "--yes"]) == 77)
    #expect(Files.exists("\(world.places.approvals)/notes.json"))
  }

  @Test func damagedRecordsGoToo() throws {
    let world = try World()
    try Fixture.store(Fixture.record(), as: "notes", in: world)
    try Files.replace("\(world.places.approvals)/notes.json", with: [0x7B], mode: 0o600)
    #expect(world.run(["manifest", "show", "notes"]) == 74)
    #expect(world.run(["remove", "notes", "--yes"]) == 0, "\(world.errors)")
    #expect(try Files.list(world.places.approvals).isEmpty)
  }
}
