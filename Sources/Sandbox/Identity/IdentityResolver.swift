import Glibc
import Kernel

extension Identity {
  /// What an identity is asked for.
  public enum Purpose: Equatable, Sendable {
    /// The server is started. What it may write outside its home can outlive its name.
    case launch(writesOutside: Bool)
    /// Nothing is started and nothing taken: the identity that a launch would get now.
    case look
  }

  /// The identity that a launch of this name gets. Nothing falls back from `separate` to `caller`.
  ///
  /// - Parameters:
  ///   - account: the caller's name in the password database; nil where it has none.
  ///   - stateDirectory: where places are kept; for a launch it exists.
  public static func resolve(
    _ kind: Kind, of name: String, account: String?, stateDirectory: String, for purpose: Purpose
  ) throws(IdentityError) -> Identity {
    let caller = Owner(uid: geteuid(), gid: getegid())
    let store = IdentityStore(directory: stateDirectory)
    switch kind {
    case .caller:
      return .caller(uid: caller.uid, gid: caller.gid)
    case .separate where caller.uid == 0:
      // The last block is for relays without a server.
      let capacity = IdentityStore.rootRange / IdentityStore.rootBlock - 1
      let ids = { (place: UInt32) in fromRange(index: place).server }
      // Granted directories are mapped: nothing of the server's own is left in them.
      let entry =
        purpose == .look
        ? try store.look(for: name, capacity: capacity, ids: ids)
        : try store.take(for: name, capacity: capacity, ids: ids)
      return .fromRange(index: entry.place)
    case .separate:
      let helpers = (uid: try find("newuidmap"), gid: try find("newgidmap"))
      let ranges = try SubordinateIDs(account: account, uid: caller.uid)
      let entry: IdentityTable.Entry
      do throws(IdentityError) {
        entry =
          switch purpose {
          case .look:
            try store.look(for: name, capacity: ranges.count) { ranges[$0] }
          case .launch(let writesOutside):
            try store.take(for: name, capacity: ranges.count, leavesFiles: writesOutside) {
              ranges[$0]
            }
          }
      } catch {
        // Places that are another user's too are no places.
        if case .full = error, let shared = ranges.firstOverlap { throw shared }
        throw error
      }
      return .subordinate(
        caller: caller, server: try ranges.checked(entry.owner), newuidmap: helpers.uid,
        newgidmap: helpers.gid)
    }
  }

  /// The helpers are set-UID programs of the system: only its own directories are searched.
  static func find(_ helper: String) throws(IdentityError) -> String {
    for directory in ["/usr/bin", "/bin", "/usr/local/bin"] {
      let path = "\(directory)/\(helper)"
      if Files.exists(path) { return path }
    }
    throw .helperMissing(helper)
  }
}

extension Identity {
  /// How many subordinate IDs this user can give to servers, where the helpers are installed.
  public static func subordinateCount(account: String?) throws(IdentityError) -> UInt32 {
    _ = try find("newuidmap")
    _ = try find("newgidmap")
    let ids = try SubordinateIDs(account: account, uid: geteuid())
    if ids[0] == nil, let shared = ids.firstOverlap { throw shared }
    return ids.count
  }

  /// 65536 IDs that neither `/etc/subuid` nor `/etc/subgid` gives to anybody, for a hint.
  public static func freeSubordinateRange() -> ClosedRange<UInt32> {
    var first: UInt32 = 100_000
    for file in ["/etc/subuid", "/etc/subgid"] {
      do throws(SystemError) {
        let text = String(decoding: try Files.read(file, limit: 16 << 20), as: UTF8.self)
        for (_, range) in SubordinateRanges(text: text, name: nil, uid: .max).others {
          first = max(first, range.first.addingReportingOverflow(range.count).partialValue)
        }
      } catch {
        // A file that cannot be read takes nothing away.
      }
    }
    return first...(first &+ 65_535)
  }
}

/// The IDs that `/etc/subuid` and `/etc/subgid` give to the caller.
struct SubordinateIDs {
  private static let files = (uids: "/etc/subuid", gids: "/etc/subgid")

  let uids: SubordinateRanges
  let gids: SubordinateRanges

  init(uids: SubordinateRanges, gids: SubordinateRanges) {
    self.uids = uids
    self.gids = gids
  }

  init(account: String?, uid: UInt32) throws(IdentityError) {
    uids = try .read(Self.files.uids, name: account, uid: uid)
    gids = try .read(Self.files.gids, name: account, uid: uid)
  }

  var count: UInt32 { min(uids.count, gids.count) }

  /// The IDs of a place; nil where another user was given one of them too.
  subscript(_ place: UInt32) -> Owner? {
    guard let uid = uids[place], let gid = gids[place], overlap(uid: uid, gid: gid) == nil else {
      return nil
    }
    return Owner(uid: uid, gid: gid)
  }

  /// Why the first place that cannot be used cannot be.
  var firstOverlap: IdentityError? {
    for place in 0..<count {
      if let uid = uids[place], let gid = gids[place], let error = overlap(uid: uid, gid: gid) {
        return error
      }
    }
    return nil
  }

  /// - Throws: where the files do not give these IDs to the caller, or not to the caller alone.
  func checked(_ owner: Owner?) throws(IdentityError) -> Owner {
    guard let owner else {
      // `subscript` has none, and the place was kept before its IDs were another's.
      throw .overlapping(file: Self.files.uids, owner: "another user")
    }
    if !uids.contains(owner.uid) { throw .rangeMoved(file: Self.files.uids, id: owner.uid) }
    if !gids.contains(owner.gid) { throw .rangeMoved(file: Self.files.gids, id: owner.gid) }
    if let error = overlap(uid: owner.uid, gid: owner.gid) { throw error }
    return owner
  }

  /// Who else has one of these IDs: another user, or the servers of root.
  func overlap(uid: UInt32, gid: UInt32) -> IdentityError? {
    let root = SubordinateRanges.Range(
      first: IdentityStore.firstRootUID, count: IdentityStore.rootRange)
    if let other = uids.otherOwner(of: uid) {
      return .overlapping(file: Self.files.uids, owner: other)
    }
    if let other = gids.otherOwner(of: gid) {
      return .overlapping(file: Self.files.gids, owner: other)
    }
    if root.contains(uid) { return .overlapping(file: Self.files.uids, owner: "root") }
    if root.contains(gid) { return .overlapping(file: Self.files.gids, owner: "root") }
    return nil
  }
}
