import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct PlaceholderStoreTests {
  func placeholder(_ tree: Tree, _ name: String) -> Placeholder {
    Placeholder(
      directory: tree["work"], name: name, owner: Owner(uid: geteuid(), gid: getegid()))
  }

  func names(_ tree: Tree) throws -> [String] { try Files.list(tree["work"]) }

  @Test func whatIsMadeIsRemoved() throws {
    let tree = try Tree()
    try tree.directory("work/theirs")
    let store = PlaceholderStore(directory: tree["state/placeholders"])
    let record = try store.make([".vscode", ".git", "theirs"].map { placeholder(tree, $0) })
    #expect(try names(tree) == [".git", ".vscode", "theirs"])
    try store.remove(record)
    #expect(try names(tree) == ["theirs"])
    #expect(try Files.list(tree["state/placeholders"]) == ["lock"])
  }

  @Test func whatItsOwnerFilledStays() throws {
    let tree = try Tree()
    try tree.directory("work")
    let store = PlaceholderStore(directory: tree["state/placeholders"])
    let record = try store.make([placeholder(tree, ".vscode"), placeholder(tree, ".idea")])
    try tree.file("work/.vscode/settings.json")
    // Another directory under the same name is not the one that was made.
    try Files.rename(tree["work/.idea"], to: tree["work/moved"])
    try tree.directory("work/.idea")
    try store.remove(record)
    #expect(try names(tree) == [".idea", ".vscode", "moved"])
  }

  /// Its lock goes with the process: what a dead session wrote down is removed by the next.
  @Test func whatADeadSessionLeftIsSwept() throws {
    let tree = try Tree()
    try tree.directory("work")
    let store = PlaceholderStore(directory: tree["state/placeholders"])
    // The lock ends with the record, and the record is not removed.
    _ = try store.make([placeholder(tree, ".vscode")])
    let entries = try Files.list(tree["state/placeholders"])
    #expect(entries.count == 2)
    #expect(try names(tree) == [".vscode"])
    try store.sweep()
    #expect(try names(tree) == [])
    #expect(try Files.list(tree["state/placeholders"]) == ["lock"])
  }

  @Test func theLastOfTwoSessionsRemoves() throws {
    let tree = try Tree()
    try tree.directory("work")
    let store = PlaceholderStore(directory: tree["state/placeholders"])
    let first = try store.make([placeholder(tree, ".vscode"), placeholder(tree, ".idea")])
    // As another process would be: records are named by process.
    try Files.rename(
      "\(tree["state/placeholders"])/\(getpid()).session",
      to: "\(tree["state/placeholders"])/other.session")
    let second = try store.make([placeholder(tree, ".vscode")])
    try store.remove(second)
    #expect(try names(tree) == [".idea", ".vscode"])
    let third = try store.make([placeholder(tree, ".vscode")])
    _ = consume first
    try store.sweep()
    #expect(try names(tree) == [".vscode"])
    try store.remove(third)
    #expect(try names(tree) == [])
  }

  @Test func aRecordThatIsCutOffMadeNothing() throws {
    let tree = try Tree()
    try tree.directory("work/.vscode")
    try tree.file("state/placeholders/1.session", "\u{40}\u{0}\u{0}")
    try PlaceholderStore(directory: tree["state/placeholders"]).sweep()
    #expect(try names(tree) == [".vscode"])
    #expect(try Files.list(tree["state/placeholders"]) == ["lock"])
  }

  @Test func aDirectoryThatIsGoneFailsAndLeavesNothing() throws {
    let tree = try Tree()
    try tree.directory("work")
    let store = PlaceholderStore(directory: tree["state/placeholders"])
    let gone = Placeholder(
      directory: tree["gone"], name: ".git", owner: Owner(uid: geteuid(), gid: getegid()))
    let error = #expect(throws: SystemError.self) {
      _ = try store.make([placeholder(tree, ".vscode"), gone])
    }
    #expect(error?.errno.code == ENOENT)
    #expect(try names(tree) == [])
  }
}
