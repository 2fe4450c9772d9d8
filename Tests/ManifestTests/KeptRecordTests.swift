import Glibc
import JSON
import Kernel
import Testing

@testable import Manifest

/// A record is read once for as long as its file is the same, and read again as soon as it is not.
@Suite struct KeptRecordTests {
  private let scratch: Scratch
  private let directory: String

  init() throws {
    scratch = try Scratch()
    directory = "\(scratch.path)/approvals"
  }

  private func store() throws -> ApprovalStore {
    try ApprovalStore(directory: directory, name: "notes")
  }

  private func fill(_ store: ApprovalStore, _ names: String...) throws {
    let tools = try names.map { try Samples.tool($0) }
    try store.update { (record) throws(ObservationError) in
      _ = try record.observe(kind: .tool, items: tools, firstUse: .ask, by: Samples.cordon)
    }
  }

  @Test func whatAnotherWriterStoredIsSeenAtOnce() throws {
    let (one, two) = (try store(), try store())
    for round in 0..<20 {
      try fill(one, "a", "b\(round)")
      #expect(try two.load()[ItemKey(.tool, JSONString("b\(round)"))] != nil)
      try fill(two, "c\(round)")
      // Nothing of what the other one stored meanwhile is lost by writing what was kept.
      #expect(try one.update { $0.items.count } == (try store().load().items.count))
      #expect(try one.load() == two.load())
    }
  }

  /// The same file, written to in its place: no writer of ours does that.
  @Test func aFileThatSomebodyEditedIsReadAgain() throws {
    let store = try store()
    try fill(store, "alpha")
    _ = try store.load()
    var bytes = try Files.read(store.path, limit: 1 << 20)
    bytes.removeLast(3)
    let file = try Files.open(store.path, flags: O_WRONLY | O_TRUNC)
    try Files.write(bytes, to: file, subject: "record")
    #expect(throws: StoreError.self) { try store.load() }
    #expect(try store.load().isAfterDamage)
  }

  @Test func aFileThatIsGoneOrThatOthersCanReachIsNotTakenFromMemory() throws {
    let store = try store()
    try fill(store, "alpha")
    _ = try store.load()
    unsafe chmod(store.path, 0o644)
    #expect(throws: StoreError.self) { try store.load() }
    unsafe chmod(store.path, 0o600)
    #expect(try store.load().items.count == 1)
    try Files.rename(store.path, to: "\(directory)/elsewhere")
    #expect(try store.load() == ServerRecord())
    try Files.rename("\(directory)/elsewhere", to: store.path)
    #expect(try store.load().items.count == 1)
  }

  @Test func aCopyWithTheSameNameIsAnotherFile() throws {
    let store = try store()
    try fill(store, "alpha")
    let before = try store.load()
    let bytes = try Files.read(store.path, limit: 1 << 20)
    try fill(store, "betas")
    // As large, and put back as a person would.
    try Files.replace(store.path, with: bytes, mode: 0o600)
    #expect(try store.load() == before)
  }

  /// A process that was stopped keeps its locks: whoever waits is told, and readers do not wait.
  @Test(.timeLimit(.minutes(1))) func aLockThatIsNeverGivenBackIsTold() throws {
    var store = try store()
    try fill(store, "alpha")
    store.patience = 50_000_000
    let held = try FileLock(path: "\(directory)/notes.lock")
    let error = #expect(throws: UpdateError<Never>.self) {
      try store.update { $0.forget(by: Samples.person) }
    }
    guard case .store(.busy("\(directory)/notes.lock"))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try store.load().items.count == 1)
    held.unlock()
    try store.update { $0.forget(by: Samples.person) }
    #expect(try store.load().items.isEmpty)
  }
}
