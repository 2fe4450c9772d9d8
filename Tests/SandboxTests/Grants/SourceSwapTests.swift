import Glibc
import Kernel
import Testing

@testable import Sandbox

/// Between the look at a path and its mount an attacker who can write above it may put something
/// else there.
@Suite struct SourceSwapTests {
  private func failure(_ source: Source) -> Int32? {
    do throws(SystemError) {
      let mount = OwnedDescriptor(owning: try SourceMount.open(source))
      _ = consume mount
      return nil
    } catch {
      return error.errno.code
    }
  }

  /// Without privileges the kernel refuses the mount, and only after the path was opened.
  static let unswapped: Int32? = geteuid() == 0 ? nil : EPERM

  @Test func aLinkInThePlaceOfAComponent() throws {
    let tree = try Tree()
    try tree.directory("work/a/b")
    try tree.directory("secret/b")
    let source = Source(
      path: tree["work/a/b"], identity: FileIdentity(try Files.status(tree["work/a/b"])))
    #expect(failure(source) == Self.unswapped)
    try Files.rename(tree["work/a"], to: tree["work/old"])
    try tree.link("work/a", to: tree["secret"])
    #expect(failure(source) == ELOOP)
  }

  @Test func anotherDirectoryInItsPlace() throws {
    let tree = try Tree()
    try tree.directory("work/a/b")
    try tree.directory("work/other/b")
    let source = Source(
      path: tree["work/a/b"], identity: FileIdentity(try Files.status(tree["work/a/b"])))
    try Files.rename(tree["work/a"], to: tree["work/old"])
    try Files.rename(tree["work/other"], to: tree["work/a"])
    #expect(failure(source) == ESTALE)
  }
}
