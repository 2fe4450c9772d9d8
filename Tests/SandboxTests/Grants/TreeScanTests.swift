import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct TreeScanTests {
  @Test func socketsAndPipesAreFoundWhereverTheyAre() throws {
    let tree = try Tree()
    try tree.file("a/file")
    try tree.socket("a/b/c/socket")
    try tree.pipe(".hidden/pipe")
    try tree.socket("top")
    let found = try TreeScan.run(tree.path)
    #expect(
      found.channels.sorted() == [tree[".hidden/pipe"], tree["a/b/c/socket"], tree["top"]])
    #expect(found.entries == 8)
    #expect(found.unread.isEmpty && !found.isCut)
  }

  @Test func noLinkIsFollowed() throws {
    let tree = try Tree()
    try tree.socket("elsewhere/socket")
    try tree.link("tree/link", to: tree["elsewhere"])
    try tree.link("tree/itself", to: ".")
    #expect(try TreeScan.run(tree["tree"]).channels.isEmpty)
    #expect(throws: SystemError.self) { try TreeScan.run(tree["tree/link"]) }
  }

  @Test func repositoriesOfEveryKind() throws {
    let tree = try Tree()
    try tree.file(".git/HEAD")
    try tree.file("sub/module/.git", "gitdir: ../../.git/modules/module\n")
    try tree.file("other/git/x")
    #expect(try TreeScan.run(tree.path).repositories.sorted() == [tree.path, tree["sub/module"]])
  }

  @Test func whatIsAnotherGrantsIsNotLookedAt() throws {
    let tree = try Tree()
    try tree.socket("inner/socket")
    try tree.socket("socket")
    try tree.socket("inner-not/socket")
    let found = try TreeScan.run(tree.path, skipping: [tree["inner"], tree["socket"]])
    #expect(found.channels == [tree["inner-not/socket"]])
  }

  @Test func aFurtherNameOfAFile() throws {
    let tree = try Tree()
    try tree.file("own/approvals")
    try tree.hardLink("work/deep/other-name", to: "own/approvals")
    try tree.file("work/plain")
    var wanted = TreeScan.Wanted()
    wanted.linked = [FileIdentity(try Files.status(tree["own/approvals"]))]
    #expect(try TreeScan.run(tree["work"], wanted: wanted).linked == [tree["work/deep/other-name"]])
  }

  @Test func aBoundOnNames() throws {
    let tree = try Tree()
    for index in 0..<20 { try tree.file("d\(index)/file") }
    let found = try TreeScan.run(tree.path, limit: 10)
    #expect(found.isCut)
    #expect(try !TreeScan.run(tree.path, limit: 41).isCut)
  }

  /// A name that is no text could not be named in a plan.
  @Test func namesThatAreNoText() throws {
    let tree = try Tree()
    let name = Array(tree.path.utf8) + Array("/\u{1}".utf8).dropLast() + [0xFF]
    _ = try check("mknod", "socket") {
      unsafe mknod(name.map { CChar(bitPattern: $0) } + [0], S_IFSOCK | 0o666, 0)
    }
    let found = try TreeScan.run(tree.path)
    #expect(found.channels.isEmpty)
    #expect(found.unread.count == 1)
  }

  /// Root reads everything.
  @Test func whatCannotBeRead() throws {
    let tree = try Tree()
    for (name, mode) in [("closed", 0o700), ("passable", 0o711)] as [(String, mode_t)] {
      try tree.directory(name)
      try check("chmod", name) { unsafe chmod(tree[name], mode & ~0o600) }
    }
    // Nobody can pass `closed` any more, but others can pass `passable`.
    try check("chmod", "closed") { unsafe chmod(tree["closed"], 0) }
    let unread = try TreeScan.run(tree.path).unread
    #expect(unread == (geteuid() == 0 ? [] : [tree["passable"]]))
    for name in ["closed", "passable"] { unsafe chmod(tree[name], 0o700) }
  }
}
