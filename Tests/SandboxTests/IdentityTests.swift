import Glibc
import Kernel
import Testing

@testable import Sandbox

@Suite struct IdentityTests {
  @Test func rootsPartsAndServersShareNoID() {
    let first = Identity.fromRange(index: 0)
    let second = Identity.fromRange(index: 1)
    let ids: [UInt32] = [first, second].flatMap { identity in
      identity.mappings.map { $0.outsideUID } + [identity.relay?.uid ?? 0]
    }
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { (1_900_000_000...1_900_065_535).contains($0) })
  }

  @Test func theLastBlockIsNoServers() throws {
    let last = Identity.fromRange(index: IdentityStore.rootRange / IdentityStore.rootBlock - 2)
    let without = try #require(Identity.relayWithoutServer(callerUID: 0))
    #expect(last.server.uid < without.uid - IdentityStore.rootBlock + 1)
    #expect(Identity.relayWithoutServer(callerUID: 1000) == nil)
  }

  @Test(arguments: [
    ("ada:100000:65536\n", "ada", SubordinateRange(first: 100_000, count: 65_536)),
    ("1001:5:6\n", "ada", SubordinateRange(first: 5, count: 6)),
    ("adam:1:2\nada:x:2\nada:1:0\nada:3\nada:7:8\n", "ada", SubordinateRange(first: 7, count: 8)),
    ("adam:1:2\n", "ada", nil), ("", "ada", nil),
  ])
  func subordinateRanges(text: String, name: String, expected: SubordinateRange?) {
    #expect(SubordinateRange.find(in: text, name: name, uid: 1001) == expected)
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    let path = "/tmp/cordon-identity-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.makeDirectories(path, mode: 0o700)
    defer {
      for name in (try? Files.list(path)) ?? [] { try? Files.remove("\(path)/\(name)") }
      try? Files.remove(path)
    }
    try body(path)
  }

  @Test func aNameKeepsItsPlaceAndNoOtherGetsIt() throws {
    try withDirectory { directory in
      let store = IdentityStore(directory: directory)
      let first = try store.place(of: "notes", capacity: 3)
      let second = try store.place(of: "time", capacity: 3)
      #expect(first != second)
      #expect(try store.place(of: "notes", capacity: 3) == first)
      _ = try store.place(of: "git", capacity: 3)
      #expect(throws: IdentityError.full(path: "\(directory)/identities.json")) {
        try store.place(of: "one-too-many", capacity: 3)
      }
    }
  }

  @Test func aDamagedStoreStopsTheLaunchAndStaysAsItIs() throws {
    try withDirectory { directory in
      let path = "\(directory)/identities.json"
      let damaged = Array(#"{"schema":1,"servers":[{"name":"notes"}]}"#.utf8)
      try Files.replace(path, with: damaged, mode: 0o600)
      #expect(throws: IdentityError.self) {
        try IdentityStore(directory: directory).place(of: "notes", capacity: 3)
      }
      #expect(try Files.read(path, limit: 1 << 10) == damaged)
    }
  }
}
