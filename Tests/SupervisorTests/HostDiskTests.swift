import Foundation
import Kernel
import Sandbox
import Testing

@testable import Supervisor

/// Looking at a server's paths on the host without effect.
@Suite struct HostDiskTests {
  private static let root = "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw"

  private func disk(_ lines: String...) -> HostDisk {
    HostDisk(MountTable(text: ([Self.root] + lines).joined(separator: "\n")))
  }

  @Test func whatIsThereIsFoundAndNothingIsFollowed() throws {
    let scratch = try Scratch()
    let folder = try Files.realPath(scratch.path)
    try Data("x".utf8).write(to: URL(filePath: folder + "/file"))
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link", withDestinationPath: folder)
    let disk = disk()
    #expect(disk.look(folder + "/file") == .there(.regular))
    #expect(disk.look(folder) == .there(.directory))
    #expect(disk.look(folder + "/none") == .absent)
    #expect(disk.look(folder + "/file/none") == .absent)
    // The link itself is there; what is behind it is not looked at.
    #expect(disk.look(folder + "/link") == .there(.symbolicLink))
    #expect(disk.look(folder + "/link/file") == .unknown)
    #expect(disk.look("/") == .there(.directory))
  }

  @Test(arguments: ["autofs", "nfs4", "cifs", "fuse.sshfs", "9p", "proc"])
  func aFileSystemThatAsksOthersIsNotLookedAt(_ type: String) throws {
    let scratch = try Scratch()
    let folder = try Files.realPath(scratch.path)
    let other = disk("2 1 0:40 / \(folder) rw shared:2 master:1 - \(type) src rw")
    #expect(other.look(folder) == .unknown)
    #expect(other.look(folder + "/none") == .unknown)
    // Also what is mounted on top of it, and not what only begins alike.
    let above = disk(
      "2 1 0:40 / \(folder) rw - \(type) src rw", "3 2 8:2 / \(folder)/in rw - ext4 x rw")
    #expect(above.look(folder + "/in/x") == .unknown)
    #expect(other.look(folder + "x/none") == .absent)
  }

  /// The table is read once: what was mounted since is another mount, and not crossed into.
  @Test func aMountThatTheTableDoesNotHaveIsNotEntered() {
    #expect(disk().look("/proc/self") == .unknown)
    #expect(disk().look("/proc/self/status") == .unknown)
  }

  @Test func aMountPointWithSpacesIsReadAsWritten() throws {
    let scratch = try Scratch()
    let folder = try Files.realPath(scratch.path) + "/a b"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let escaped = folder.replacingOccurrences(of: " ", with: "\\040")
    #expect(disk("2 1 0:40 / \(escaped) rw - nfs src rw").look(folder + "/x") == .unknown)
    #expect(disk().look(folder + "/x") == .absent)
  }

  @Test func thisMachinesOwnTableCanBeRead() throws {
    let disk = HostDisk(try MountTable.current())
    #expect(disk.look("/nowhere/at/all") == .absent)
    #expect(disk.look("/proc/self/environ") == .unknown)
  }
}
