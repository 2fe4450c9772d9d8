import Audit
import Control
import Credentials
import Digest
import Glibc
import JSON
import Kernel
import Manifest
import Testing

@testable import Supervisor

@Suite struct PinKeeperTests {
  private static let secret = "s3cr3t-0123456789-abcdefghij"

  /// A keeper over a store of its own, with what it told.
  private final class Desk {
    let scratch: Scratch
    let store: ApprovalStore
    var told: [String] = []
    private var made: PinKeeper?

    init() throws {
      scratch = try Scratch()
      store = try ApprovalStore(directory: "\(scratch.path)/approvals", name: "notes")
      try Files.makeDirectories(store.directory, mode: 0o700)
    }

    func keeper(_ firstUse: FirstUse = .ask) throws -> PinKeeper {
      if let made { return made }
      let redactor = Redactor([try Secret(name: "KEY", value: Array(secret.utf8))])
      let log = try AuditLog(
        directory: "\(scratch.path)/audit", server: "notes", session: "1",
        redact: { redactor.redact($0) })
      let keeper = try PinKeeper(
        store: store, firstUse: firstUse, redactor: redactor, log: log
      ) { notice in
        switch notice {
        case .error(let text, _), .warning(let text, _), .progress(let text), .refusal(let text, _),
          .network(let text, _),
          .slow(let text, _):
          self.told.append(text)
        case .refused(let end): self.told.append(end.summary)
        }
      }
      made = keeper
      return keeper
    }

    /// The next keeper is another session's.
    func close() { made = nil }

    func list(_ items: [Item], _ sequence: UInt64, withBodies: Bool = true) throws {
      let keeper = try keeper()
      for item in items where withBodies {
        keeper.collect(
          sequence: sequence, kind: "tool", name: item.name.utf8, canonical: item.canonical)
      }
      keeper.observe(
        sequence: sequence, kind: "tool",
        present: items.map {
          PinnedItem(kind: "tool", name: $0.name.utf8, digest: $0.digest.bytes)
        })
    }

    func events() throws -> [JSONNode] {
      try Files.read("\(scratch.path)/audit/notes.jsonl", limit: 16 << 20)
        .split(separator: UInt8(ascii: "\n")).map { try JSONReader.parse(Array($0)) }
    }
  }

  private static func tool(_ name: String, _ text: String = "x") throws -> Item {
    try Item(
      kind: .tool, name: JSONString(name),
      canonical: Array(#"{"description":"\#(text)","name":"\#(name)"}"#.utf8))
  }

  @Test func trustEndsWithTheFirstSession() throws {
    func list(_ desk: Desk, _ kind: ItemKind, _ firstUse: FirstUse, _ sequence: UInt64) throws {
      let item = try Item(
        kind: kind, name: "a", canonical: Array(#"{"name":"a","uriTemplate":"a"}"#.utf8))
      let keeper = try desk.keeper(firstUse)
      keeper.collect(
        sequence: sequence, kind: kind.rawValue, name: item.name.utf8, canonical: item.canonical)
      keeper.observe(
        sequence: sequence, kind: kind.rawValue,
        present: [
          PinnedItem(kind: kind.rawValue, name: item.name.utf8, digest: item.digest.bytes)
        ])
    }
    let desk = try Desk()
    try list(desk, .tool, .trust, 1)
    try list(desk, .prompt, .trust, 2)
    #expect(try desk.store.load().waitingCount == 0)
    desk.close()
    try list(desk, .resourceTemplate, .trust, 3)
    #expect(try desk.store.load().waiting.map(\.key.kind) == [.resourceTemplate])
  }

  /// Pieces of eight characters in a row would be found by whoever reads them together.
  private static func leaks(_ text: String) -> Bool {
    let bytes = Array(secret.utf8)
    return (0...(bytes.count - 8)).contains { start in
      text.contains(String(decoding: bytes[start..<start + 8], as: UTF8.self))
    }
  }

  @Test func aSecretInANameIsCoveredBeforeTheNameIsCut() throws {
    let desk = try Desk()
    // The sixtieth character, where the notice cuts, is in the middle of it.
    let name = String(repeating: "n", count: 45) + Self.secret
    try desk.list([Self.tool(name)], 1)
    #expect(desk.told.count == 1)
    #expect(desk.told.contains { $0.contains("withheld until reviewed") })
    #expect(!desk.told.contains(where: Self.leaks))
  }

  @Test func aSecretInANameIsCoveredInErrors() throws {
    let desk = try Desk()
    // The two-hundredth character is in the middle of it.
    let name = String(repeating: "n", count: 185) + Self.secret
    try desk.list([Self.tool(name)], 1, withBodies: false)
    let keeper = try desk.keeper()
    keeper.collect(
      sequence: 2, kind: "tool", name: Array(name.utf8),
      canonical: [UInt8](repeating: 0x20, count: Item.sizeLimit + 1))
    try desk.list([Self.tool(name), Self.tool(name, "y")], 3)
    #expect(desk.told.count == 3)
    #expect(!desk.told.contains(where: Self.leaks))
    #expect(!Self.leaks(String(decoding: try desk.events().description.utf8, as: UTF8.self)))
  }

  @Test func theWatchHearsOfThisServersFileAlone() throws {
    let desk = try Desk()
    let keeper = try desk.keeper()
    #expect(!keeper.drainChanges())
    for name in ["other", "notes.old", "note"] {
      let other = try ApprovalStore(directory: desk.store.directory, name: name)
      try other.update { $0.forget(by: DecisionOrigin(who: "uid 1", how: "test", at: "")) }
    }
    #expect(!keeper.drainChanges())
    try desk.list([Self.tool("a")], 1)
    #expect(keeper.drainChanges())
    #expect(!keeper.drainChanges())
    // Put aside, it is gone as well.
    try Files.rename(desk.store.path, to: "\(desk.store.path).damaged-1")
    #expect(keeper.drainChanges())
    try Files.rename("\(desk.store.path).damaged-1", to: desk.store.path)
    #expect(keeper.drainChanges())
    try Files.remove(desk.store.path)
    #expect(keeper.drainChanges())
  }

  @Test func anObservationIsAnsweredWithoutReadingTheStoreAgain() throws {
    let desk = try Desk()
    let keeper = try desk.keeper()
    try desk.list([Self.tool("a")], 1)
    try Files.remove(desk.store.path)
    #expect(keeper.snapshot(sequence: 1).waiting.map(\.name) == [Array("a".utf8)])
    // Once: what is asked for later is read.
    #expect(keeper.snapshot(sequence: 1).waiting.isEmpty)
  }

  @Test func anAnswerToAnotherObservationIsRead() throws {
    let desk = try Desk()
    let keeper = try desk.keeper()
    try desk.list([Self.tool("a")], 1)
    try Files.remove(desk.store.path)
    #expect(keeper.snapshot(sequence: 0).waiting.isEmpty)
    try desk.list([Self.tool("a")], 2)
    try desk.list([Self.tool("b")], 3, withBodies: false)
    try Files.remove(desk.store.path)
    #expect(keeper.snapshot(sequence: 3).waiting.isEmpty)
  }

  @Test func aListingOfThousandsAddsFewLines() throws {
    let desk = try Desk()
    let items = try (0..<1000).map { try Self.tool("t\($0)") }
    let twice = try (0..<100).flatMap { try [Self.tool("d\($0)"), Self.tool("d\($0)", "y")] }
    try desk.list(items + twice, 1)
    #expect(desk.told.count == 2)
    let events = try desk.events()
    #expect(events.count == 66)
    #expect(events.filter { $0["event"]?.string == "waiting" }.count == 65)
    #expect(events.compactMap { $0["more"]?.int64 } == [936, 100])
  }

  @Test func itemsThatAreNoneAreToldOfOnce() throws {
    let desk = try Desk()
    let keeper = try desk.keeper()
    for _ in 0..<100 {
      keeper.collect(sequence: 1, kind: "tool", name: [0xFF], canonical: Array("{}".utf8))
    }
    #expect(desk.told.count == 1)
  }

  // MARK: What a person decides in the session

  /// A keeper with one tool that waits.
  private static func asking() throws -> (desk: Desk, pin: Pin) {
    let desk = try Desk()
    let tool = try tool("search")
    try desk.list([tool], 1)
    return (desk, Pin(ItemKey(.tool, "search"), tool.digest))
  }

  @Test func anAnswerDecidesAboutTheDigestThatWasAskedAbout() throws {
    let (desk, pin) = try Self.asking()
    let keeper = try desk.keeper()
    #expect(keeper.takeWaiting() == [pin])
    #expect(keeper.takeWaiting().isEmpty)
    #expect(keeper.review(of: pin) != nil)
    keeper.decide(approving: true, pin, by: .elicitation)
    let record = try desk.store.load()
    #expect(record[pin.key]?.approved?.digest == pin.digest)
    let origin = try #require(record.history.last?.origin)
    #expect(origin.who == "uid \(getuid())")
    #expect(origin.how == "elicitation")
    let event = try #require(try desk.events().last)
    #expect(event["event"]?.string == "approval")
    #expect(event["how"]?.string == "elicitation")
    #expect(event["digest"]?.string == JSONString(pin.digest.hex))
    #expect(!keeper.isWaiting(pin))
  }

  @Test func aRejectionIsRecordedWithItsProgram() throws {
    let (desk, pin) = try Self.asking()
    try desk.keeper().decide(approving: false, pin, by: .program, program: "/usr/bin/ask")
    #expect(try desk.store.load()[pin.key]?.isRejected(pin.digest) == true)
    let event = try #require(try desk.events().last)
    #expect(event["event"]?.string == "rejection")
    #expect(event["program"]?.string == "/usr/bin/ask")
  }

  @Test func whatChangedMeanwhileIsNotDecidedAbout() throws {
    let (desk, pin) = try Self.asking()
    let other = try Self.tool("search", "y")
    try desk.list([other], 2)
    try desk.keeper().decide(approving: true, pin, by: .elicitation)
    let record = try desk.store.load()
    #expect(record[pin.key]?.approved == nil)
    #expect(record[pin.key]?.waiting?.digest == other.digest)
    #expect(desk.told.last?.contains("not approved: tool:search has changed since") == true)
    #expect(try !desk.events().contains { $0["event"]?.string == "approval" })
  }

  @Test func whatSomebodyElseDecidedStays() throws {
    let (desk, pin) = try Self.asking()
    let keeper = try desk.keeper()
    keeper.decide(approving: false, pin, by: .program, program: "/x")
    keeper.decide(approving: true, pin, by: .elicitation)
    let record = try desk.store.load()
    #expect(record[pin.key]?.approved == nil)
    #expect(record[pin.key]?.isRejected(pin.digest) == true)
  }
}
