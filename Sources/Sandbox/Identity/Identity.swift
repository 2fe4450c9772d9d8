import Kernel

/// Whose UIDs a launch uses, and how they are mapped into the sandbox.
public struct Identity: Equatable, Sendable {
  public enum Kind: String, Sendable {
    /// The server has a UID that nothing else on the machine has.
    case separate
    /// The server has the caller's UID: only the namespaces isolate it.
    case caller
  }

  /// One line of `uid_map` and of `gid_map`: the same numbers serve both.
  public struct Mapping: Equatable, Sendable {
    public let inside: UInt32
    public let outsideUID: UInt32
    public let outsideGID: UInt32
  }

  public enum Mapper: Equatable, Sendable {
    /// The supervisor may write any map.
    case root
    /// `newuidmap` and `newgidmap` write it, from `/etc/subuid` and `/etc/subgid`.
    case helpers(newuidmap: String, newgidmap: String)
    /// Only the caller's own IDs: any user may map those, and `setgroups` is denied then.
    case caller
  }

  /// The server's UID and GID inside.
  public static let insideServer: UInt32 = 1000

  public let kind: Kind
  public let mappings: [Mapping]
  public let mapper: Mapper
  /// What the relay runs as; nil where it keeps the caller's.
  public let relay: Owner?
  /// What carries the server's connections runs as; nil where it keeps the caller's.
  public let egress: Owner?

  /// The stage's UID inside: 0 where the server is another, else the server's own.
  public var insideStage: UInt32 { mappings.first?.inside ?? Self.insideServer }

  /// What the machine knows the server's processes and files by.
  public var server: Owner {
    let mapping = mappings.first { $0.inside == Self.insideServer }
    return Owner(uid: mapping?.outsideUID ?? .max, gid: mapping?.outsideGID ?? .max)
  }

  /// What a relay runs as that only tells the host that nothing was started.
  public static func relayWithoutServer(callerUID: UInt32) -> Owner? {
    guard callerUID == 0 else { return nil }
    let last = IdentityStore.firstRootUID + IdentityStore.rootRange - 1
    return Owner(uid: last, gid: last)
  }

  /// The caller's own identity.
  static func caller(uid: UInt32, gid: UInt32) -> Identity {
    Identity(
      kind: .caller,
      mappings: [Mapping(inside: insideServer, outsideUID: uid, outsideGID: gid)],
      mapper: uid == 0 ? .root : .caller, relay: nil, egress: nil)
  }

  /// Root's: four IDs of the configured range, for the relay, the stage, the server and what carries
  /// its connections.
  static func fromRange(index: UInt32) -> Identity {
    let first = IdentityStore.firstRootUID + index * IdentityStore.rootBlock
    return Identity(
      kind: .separate,
      mappings: [
        Mapping(inside: 0, outsideUID: first + 1, outsideGID: first + 1),
        Mapping(inside: insideServer, outsideUID: first + 2, outsideGID: first + 2),
      ],
      mapper: .root, relay: Owner(uid: first, gid: first),
      egress: Owner(uid: first + 3, gid: first + 3))
  }

  /// An ordinary user's: the stage is the caller, the server a subordinate ID.
  static func subordinate(
    caller: Owner, server: Owner, newuidmap: String, newgidmap: String
  ) -> Identity {
    Identity(
      kind: .separate,
      mappings: [
        Mapping(inside: 0, outsideUID: caller.uid, outsideGID: caller.gid),
        Mapping(inside: insideServer, outsideUID: server.uid, outsideGID: server.gid),
      ],
      mapper: .helpers(newuidmap: newuidmap, newgidmap: newgidmap), relay: nil, egress: nil)
  }
}
