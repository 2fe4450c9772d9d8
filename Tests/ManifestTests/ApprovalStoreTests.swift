import Glibc
import JSON
import Kernel
import Manifest
import Testing

@Suite struct ApprovalStoreTests {
  private let scratch: Scratch
  private let directory: String
  private let store: ApprovalStore

  init() throws {
    scratch = try Scratch()
    directory = "\(scratch.path)/state/approvals"
    store = try ApprovalStore(directory: directory, name: "notes")
  }

  private func put(_ text: String, mode: UInt32 = 0o600) throws {
    try Files.makeDirectories(directory, mode: 0o700)
    try Files.replace(store.path, with: Array(text.utf8), mode: mode)
    unsafe chmod(store.path, mode)
  }

  private func fill() throws -> ServerRecord {
    try store.update { (record) throws(ObservationError) in
      do {
        record = try Samples.approved([Samples.tool("caf\\u00e9", "Ünï \\u2028 \\u0000 end")])
        try record.list([
          Samples.tool("caf\\u00e9", "Changed."), Samples.tool("b"), Samples.tool("c"),
          Samples.tool("c", "Twice."),
        ])
        let prompt = try Item.read(.prompt, Array(#"{"name":"p"}"#.utf8))
        _ = try record.observe(kind: .prompt, items: [prompt], firstUse: .ask, by: Samples.cordon)
        _ = try record.reject(prompt.key, digest: prompt.digest, by: Samples.person)
        let resource = try Item.read(.resource, Array(#"{"uri":"a:1"}"#.utf8))
        _ = try record.observe(
          kind: .resource, items: [resource], firstUse: .ask, by: Samples.cordon)
        _ = try record.observeLaunch(
          Samples.launch("other.py"), lineage: Lineage(of: ["other"]), by: Samples.cordon)
      } catch {
        Issue.record(error)
      }
    }
    return try store.load()
  }

  @Test func missingFileIsAnEmptyRecordAndNothingIsMade() throws {
    #expect(try store.load() == ServerRecord())
    #expect(!Files.exists(directory))
  }

  @Test func recordIsReadBackWhole() throws {
    let written = try fill()
    #expect(try store.update { $0 } == written)
    #expect(written.waiting.map(\.key.kind) == [.launch, .tool, .tool])
    #expect(written[ItemKey(.tool, "c")]?.isAmbiguous == true)
    #expect(written.reported.count == 1)
    #expect(written[ServerRecord.launchKey]?.waiting?.lineage == Lineage(of: ["other"]))
    #expect(try ApprovalStore.names(in: directory) == ["notes"])
  }

  @Test func fileAndDirectoriesAreTheOwnersAlone() throws {
    _ = try fill()
    #expect(try Files.status(store.path).mode == 0o600)
    #expect(try Files.status("\(directory)/notes.lock").mode == 0o600)
    #expect(try Files.status(directory).mode == 0o700)
    #expect(try Files.status("\(scratch.path)/state").mode == 0o700)
    #expect(try Files.list(directory) == ["notes.json", "notes.lock"])
  }

  @Test func nothingIsWrittenWhereNothingChanged() throws {
    _ = try fill()
    let inode = try Files.status(store.path).inode
    try store.update { _ in }
    #expect(try Files.status(store.path).inode == inode)
  }

  @Test func changeThatThrowsLeavesNoTrace() throws {
    let before = try fill()
    let error = #expect(throws: UpdateError<DecisionError>.self) {
      try store.update { (record) throws(DecisionError) in
        record.forget(by: Samples.person)
        throw .nothingWaiting
      }
    }
    guard case .change(.nothingWaiting)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try store.load() == before)
  }

  @Test(arguments: [
    "", "{", "null", "[]", #"{"schema":1}"#, #"{"schema":"1"}"#, #"{"schema":0}"#, "\u{0}\u{0}",
  ])
  func damagedFileIsPutAside(text: String) throws {
    try put(text)
    for number in 1...2 {
      let error = #expect(throws: StoreError.self) { try store.load() }
      let aside = "\(store.path).damaged-\(number)"
      guard case .damaged(store.path, aside, _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(try Files.read(aside, limit: 100) == Array(text.utf8))
      #expect(!Files.exists(store.path))
      try put(text)
    }
  }

  /// Each replaced text stands once in the file that `fill` writes.
  @Test(arguments: [
    ("an unknown member", #""claimed""#, #""claimed": true, "also""#),
    ("a member twice", #""claimed""#, #""claimed": true, "claimed""#),
    ("another server's", #""server": "notes""#, #""server": "other""#),
    ("a changed body", "Changed.", "Chanced."),
    ("a changed approval", "Ünï", "Uni"),
    ("an unknown kind", #""kind": "prompt""#, #""kind": "promise""#),
    ("an item of another kind", #""kind": "prompt""#, #""kind": "tool""#),
  ])
  func alteredRecordIsDamage(what: String, from: String, to: String) throws {
    _ = try fill()
    var text = String(decoding: try Files.read(store.path, limit: 1 << 20), as: UTF8.self)
    let range = try #require(text.firstRange(of: from))
    text.replaceSubrange(range, with: to)
    try put(text)
    let error = #expect(throws: StoreError.self, "\(what)") { try store.load() }
    guard case .damaged? = error else {
      Issue.record("\(what): \(String(describing: error))")
      return
    }
  }

  @Test func afterDamageNothingIsAFirstUse() throws {
    _ = try fill()
    try put("damaged")
    #expect(throws: StoreError.self) { try store.load() }
    var record = try store.load()
    #expect(record.isAfterDamage)
    let launch = try Samples.launch("notes.py")
    let verdict = try record.observeLaunch(
      launch, lineage: Samples.lineage, by: Samples.cordon
    ).verdict
    #expect(verdict == .waiting(launch.digest, isOtherLineage: false))
    #expect(try record.list([Samples.tool("a")], .trust).trusted.isEmpty)
    // It holds once something was written, and until the server is forgotten.
    try store.update { _ = try? $0.list([Samples.tool("a")], .trust) }
    #expect(try store.load().isAfterDamage)
    #expect(try store.load().pins.approved.isEmpty)
    try store.update { $0.forget(by: Samples.person) }
    #expect(try !store.load().isAfterDamage)
  }

  @Test func laterSchemaIsRefusedAndKept() throws {
    let text = #"{"schema":2,"something":"new"}"#
    try put(text)
    #expect(throws: StoreError.tooNew(path: store.path, schema: 2)) { try store.load() }
    #expect(throws: UpdateError<Never>.self) { try store.update { $0.forget(by: Samples.person) } }
    #expect(try Files.read(store.path, limit: 100) == Array(text.utf8))
  }

  @Test func whatOthersCanReachIsRefusedAndKept() throws {
    _ = try fill()
    unsafe chmod(store.path, 0o640)
    let error = #expect(throws: StoreError.self) { try store.load() }
    guard case .exposed(store.path, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    unsafe chmod(store.path, 0o600)
    unsafe chmod(directory, 0o750)
    #expect(throws: StoreError.self) { try store.load() }
    unsafe chmod(directory, 0o700)
    #expect(try !store.load().items.isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func linksAndPipesAreRefused() throws {
    _ = try fill()
    try Files.rename(store.path, to: "\(directory)/elsewhere")
    unsafe #expect(symlink("elsewhere", store.path) == 0)
    #expect(throws: StoreError.self) { try store.load() }
    try Files.remove(store.path)
    unsafe #expect(mkfifo(store.path, 0o600) == 0)
    #expect(throws: StoreError.self) { try store.load() }
  }

  @Test func leftoversOfKilledWritersAreSwept() throws {
    _ = try fill()
    for name in ["notes.json.123.new", "notes.json.damaged-1", "notes.json.x.new", "a.json.1.new"] {
      try Files.replace("\(directory)/\(name)", with: [1], mode: 0o600)
    }
    try store.update { $0.forget(by: Samples.person) }
    #expect(
      try Files.list(directory) == [
        "a.json.1.new", "notes.json", "notes.json.damaged-1", "notes.json.x.new", "notes.lock",
      ])
  }

  @Test(arguments: [
    "", ".", "..", "-a", "_a", "a/b", "a b", "a\0", "é", "a\n", String(repeating: "a", count: 65),
  ])
  func nameThatIsNone(name: String) {
    #expect(throws: StoreError.invalidName(name)) {
      try ApprovalStore(directory: "/nowhere", name: name)
    }
  }

  @Test(arguments: ["a", "A.b_c-1", "0", String(repeating: "a", count: 64)])
  func nameThatIsOne(name: String) throws {
    #expect(try ApprovalStore(directory: "/nowhere", name: name).name == name)
  }
}
