import Glibc
import Kernel

extension Identity {
  /// The identity that a launch of this name gets. Nothing falls back from `separate` to `caller`.
  ///
  /// - Parameter stateDirectory: where places are kept; it exists.
  public static func resolve(
    _ kind: Kind, name: String, stateDirectory: String
  ) throws(IdentityError) -> Identity {
    let caller = Owner(uid: geteuid(), gid: getegid())
    switch kind {
    case .caller:
      return .caller(uid: caller.uid, gid: caller.gid)
    case .separate where caller.uid == 0:
      let store = IdentityStore(directory: stateDirectory)
      // The last block is for relays without a server.
      let capacity = IdentityStore.rootRange / IdentityStore.rootBlock - 1
      return .fromRange(index: try store.place(of: name, capacity: capacity))
    case .separate:
      let helpers = (uid: try find("newuidmap"), gid: try find("newgidmap"))
      let account: String?
      do throws(SystemError) {
        account = try PasswordDatabase.system().entry(uid: caller.uid)?.name
      } catch {
        throw .system(error)
      }
      let uids = try SubordinateRange.read("/etc/subuid", name: account, uid: caller.uid)
      let gids = try SubordinateRange.read("/etc/subgid", name: account, uid: caller.uid)
      let place = try IdentityStore(directory: stateDirectory).place(
        of: name, capacity: min(uids.count, gids.count))
      return .subordinate(
        caller: caller, server: Owner(uid: uids.first + place, gid: gids.first + place),
        newuidmap: helpers.uid, newgidmap: helpers.gid)
    }
  }

  /// The helpers are set-UID programs of the system: only its own directories are searched.
  private static func find(_ helper: String) throws(IdentityError) -> String {
    for directory in ["/usr/bin", "/bin", "/usr/local/bin"] {
      let path = "\(directory)/\(helper)"
      if Files.exists(path) { return path }
    }
    throw .helperMissing(helper)
  }
}
