import Testing

@testable import Sandbox

@Suite struct MountTableTests {
  static let table = MountTable(
    text: """
      22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
      23 22 0:20 / /proc rw,nosuid - proc proc rw
      40 22 254:0 /srv/data /mnt/a\\040b rw shared:3 master:1 - ext4 /dev/vda rw
      41 40 0:33 /@home /mnt/a\\040b/sub ro - btrfs /dev/x rw,subvol=/@home
      no line of the kernel's
      42 22 0:40 / /mnt/a rw - tmpfs none rw
      """)

  @Test func whatTheKernelWrites() {
    #expect(Self.table.mounts.map(\.id) == [22, 23, 40, 41, 42])
    #expect(
      Self.table.mounts[2]
        == MountTable.Mount(
          id: 40, device: "254:0", root: "/srv/data", point: "/mnt/a b", type: "ext4"))
  }

  @Test func onlyWhatLiesBelow() {
    #expect(Self.table.below("/mnt/a b").map(\.id) == [41])
    #expect(Self.table.below("/mnt").map(\.id) == [40, 41, 42])
    #expect(Self.table.below("/mnt/a").isEmpty)
  }

  @Test(arguments: [
    ("8:1", "/a", "/a/b", true, false), ("8:1", "/a", "/a", true, true),
    ("8:1", "/a", "/ab", false, false), ("8:2", "/a", "/a/b", false, false),
  ])
  func locations(device: String, outer: String, inner: String, within: Bool, same: Bool) {
    let outer = DiskLocation(device: "8:1", path: outer)
    let inner = DiskLocation(device: device, path: inner)
    #expect(inner.isWithin(outer) == within)
    #expect(outer.isWithin(inner) == same)
    #expect(inner.overlaps(outer) == within)
    #expect(inner.components(below: outer) == (within ? (same ? [] : ["b"]) : nil))
  }

  /// What is not there yet is where it would be made, links above it followed.
  @Test func whereWhatIsMissingWouldBe() throws {
    let tree = try Tree()
    try tree.directory("real")
    try tree.link("link", to: "real")
    let mounts = try MountTable.current()
    let made = try DiskObject(following: tree["real"], in: mounts).location
    let expected = try DiskLocation.expected(of: tree["link/a/b"], in: mounts)
    #expect(expected.components(below: made) == ["a", "b"])
  }
}
