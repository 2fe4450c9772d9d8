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
    ("ada:100000:65536\n", [100_000, 165_535], 65_536),
    ("1001:5:6\n", [5, 10], 6),
    ("adam:1:2\nada:x:2\nada:1:0\nada:3\nada:7:8\nada:50:1\n", [7, 50], 9),
    ("adam:1:2\n", [], 0), ("", [], 0),
    // Behind the last ID that there is nothing can be given.
    ("ada:4294967290:100\n", [4_294_967_290, 4_294_967_294], 5),
  ])
  func subordinateRanges(text: String, ends: [UInt32], count: UInt32) {
    let ranges = SubordinateRanges(text: text, name: "ada", uid: 1001)
    #expect(ranges.count == count)
    #expect([ranges[0], ranges[count == 0 ? 0 : count - 1]].compactMap(\.self) == ends)
    #expect(ranges[count] == nil)
    #expect(ends.allSatisfy(ranges.contains))
  }

  @Test func anIDThatAnotherUserHasTooIsNoServers() throws {
    func ids(_ text: String) -> SubordinateIDs {
      let ranges = SubordinateRanges(text: text, name: "ada", uid: 1001)
      return SubordinateIDs(uids: ranges, gids: ranges)
    }
    let shared = ids("ada:100:10\nbob:100:5\n")
    #expect((0..<10).map { shared[$0]?.uid } == [nil, nil, nil, nil, nil, 105, 106, 107, 108, 109])
    #expect(shared.firstOverlap == .overlapping(file: "/etc/subuid", owner: "bob"))
    let roots = ids("ada:1900000000:2\n")
    #expect(roots[0] == nil)
    let moved = ids("ada:100:10\n")
    #expect(throws: IdentityError.rangeMoved(file: "/etc/subuid", id: 99)) {
      try moved.checked(Owner(uid: 99, gid: 100))
    }
    #expect(try moved.checked(Owner(uid: 100, gid: 109)) == Owner(uid: 100, gid: 109))
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

  private static func ids(_ place: UInt32) -> Owner {
    Owner(uid: 100 + place, gid: 200 + place)
  }

  @Test func aNameKeepsItsPlaceAndNoOtherGetsIt() throws {
    try withDirectory { directory in
      let store = IdentityStore(directory: directory)
      let first = try store.take(for: "notes", capacity: 3, ids: Self.ids)
      let second = try store.take(for: "time", capacity: 3, ids: Self.ids)
      #expect(first.owner != second.owner)
      #expect(try store.take(for: "notes", capacity: 3, ids: Self.ids) == first)
      _ = try store.take(for: "git", capacity: 3, ids: Self.ids)
      #expect(throws: IdentityError.full(path: "\(directory)/identities.json")) {
        try store.take(for: "one-too-many", capacity: 3, ids: Self.ids)
      }
    }
  }

  @Test func lookingTakesNothing() throws {
    try withDirectory { directory in
      let store = IdentityStore(directory: directory)
      let seen = try store.look(for: "notes", capacity: 3, ids: Self.ids)
      #expect(try Files.list(directory).isEmpty)
      #expect(try store.take(for: "notes", capacity: 3, ids: Self.ids) == seen)
      #expect(try !store.has("time"))
    }
    let nowhere = IdentityStore(directory: "/nowhere/at/all")
    #expect(try nowhere.look(for: "notes", capacity: 3, ids: Self.ids).place == 0)
  }

  @Test func aReleasedPlaceIsGivenOutAgainUnlessFilesMayRemain() throws {
    try withDirectory { directory in
      let store = IdentityStore(directory: directory)
      let first = try store.take(for: "notes", capacity: 3, ids: Self.ids)
      let second = try store.take(for: "time", capacity: 3, leavesFiles: true, ids: Self.ids)
      // What may have left files once may have them for ever.
      _ = try store.take(for: "time", capacity: 3, ids: Self.ids)
      #expect(try store.release("notes"))
      #expect(try !store.release("time"))
      #expect(try store.release("time"), "it has no place any more")
      let places = try ["a", "b"].map { try store.take(for: $0, capacity: 3, ids: Self.ids).place }
      #expect(places == [first.place, 2])
      #expect(!places.contains(second.place))
      #expect(throws: IdentityError.self) {
        try store.take(for: "c", capacity: 3, ids: Self.ids)
      }
    }
  }

  @Test func aRangeThatMovedBringsNoIDBackUnderAnotherNumber() throws {
    try withDirectory { directory in
      let store = IdentityStore(directory: directory)
      let first = try store.take(for: "notes", capacity: 9, ids: Self.ids)
      let moved = { (place: UInt32) in Owner(uid: 99 + place, gid: 199 + place) }
      let second = try store.take(for: "time", capacity: 9, ids: moved)
      let third = try store.take(for: "git", capacity: 9, ids: moved)
      #expect(Set([first, second, third].map(\.owner?.uid)).count == 3)
      #expect(try store.take(for: "notes", capacity: 9, ids: moved) == first)
    }
  }

  @Test func anEarlierVersionsPlaceKeepsItsIDs() throws {
    try withDirectory { directory in
      let old = Array(#"{"schema":1,"servers":[{"name":"notes","place":4}]}"#.utf8)
      try Files.replace("\(directory)/identities.json", with: old, mode: 0o600)
      let store = IdentityStore(directory: directory)
      let entry = try store.take(for: "notes", capacity: 9, ids: Self.ids)
      #expect(entry.owner == Self.ids(4))
    }
  }

  @Test func aDamagedStoreStopsTheLaunchAndStaysAsItIs() throws {
    try withDirectory { directory in
      let path = "\(directory)/identities.json"
      let damaged = Array(#"{"schema":1,"servers":[{"name":"notes"}]}"#.utf8)
      try Files.replace(path, with: damaged, mode: 0o600)
      #expect(throws: IdentityError.self) {
        try IdentityStore(directory: directory).take(for: "notes", capacity: 3, ids: Self.ids)
      }
      #expect(try Files.read(path, limit: 1 << 10) == damaged)
    }
  }
}
