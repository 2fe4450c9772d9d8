public import Confinement
public import Control
public import SystemCallFilter

/// One step of building the sandbox, in the words of the kernel's own operations.
///
/// A plan is a list of these, carried out in order by the stage; a step that fails ends the launch
/// with its name, its subject and the errno.
public enum Step: Equatable, Sendable {
  /// The stage takes its UID of the new user namespace, whose maps came into force before the plan
  /// did, and is closed to the processes of that UID outside.
  case becomeStage(uid: UInt32, clearingGroups: Bool)
  /// Nothing mounted from here on reaches the host, and the other way round.
  case makeMountsPrivate
  /// `user.max_user_namespaces` = 0: what runs here cannot make a further one.
  case forbidUserNamespaces
  /// Clones a mount tree into a detached mount that a later `bind` places. Sources are opened
  /// before anything is mounted, so that no mount can cover one.
  case openSource(Source)
  /// The new root: a small tmpfs over `/tmp`, which is sure to exist.
  case newRoot(bytes: UInt64)
  case directory(path: String, mode: UInt32)
  case symbolicLink(path: String, target: String)
  case file(path: String, contents: String)
  /// Places the source with this index.
  case bind(source: Int, path: String, kind: BindKind)
  /// Mounts something on a path of a bind that is in place.
  case cover(Cover)
  case temporary(TemporaryFileSystem)
  /// `proc` with `subset=pid` and `hidepid=ptraceable`: process entries only, and of those only
  /// the reader's own.
  case processes(path: String)
  /// Makes a mount that the stage itself made read-only, once it is populated.
  case makeReadOnly(path: String)
  /// The server owns this directory from now on.
  case own(path: String)
  /// `pivot_root`, and the old root is detached.
  case pivot
  case hostName(String)
  /// `lo` up; there is no other interface.
  case loopback
  /// Every address is local, and the egress process gets the sockets that take what is granted.
  case egress(EgressLayout)

  // From here on in the process that becomes the server.

  /// No controlling terminal, and a session keyring of its own.
  case session
  case limit(ResourceLimit, soft: UInt64, hard: UInt64)
  case fileModeMask(UInt32)
  case dropBoundingSet
  case lockSecureBits
  /// Supplementary groups; not possible where the group map denies `setgroups`.
  case clearGroups
  case takeIdentity(uid: UInt32, gid: UInt32)
  case dropCapabilities
  case noNewPrivileges
  case workingDirectory(String)
  /// Closes every descriptor but 0, 1, 2 and the close-on-exec one to report on.
  case closeDescriptors
  /// The second wall behind the mounts: what may be done by name, in this version of Landlock.
  case landlock(version: Int, rules: [PathRule])
  case filterSystemCalls(FilterBase, allow: [String], deny: [String])
  /// Tries from inside what must fail, and checks what must be so.
  case verify(Expectation)
  case execute
}

/// Where a bind comes from.
public struct Source: Equatable, Sendable {
  /// Free of symbolic links: resolved when the plan was made, and opened without following any.
  public let path: String
  public let readOnly: Bool
  public let noExecute: Bool
  /// Device nodes work through this mount.
  public let devices: Bool
  /// The mount is id-mapped so that this owner's files appear as the server's.
  public let mappedOwner: Owner?
  /// What must be there; nil for whatever is.
  public let identity: FileIdentity?

  public init(
    path: String, readOnly: Bool = true, noExecute: Bool = false, devices: Bool = false,
    mappedOwner: Owner? = nil, identity: FileIdentity? = nil
  ) {
    self.path = path
    self.readOnly = readOnly
    self.noExecute = noExecute
    self.devices = devices
    self.mappedOwner = mappedOwner
    self.identity = identity
  }
}

public struct Owner: Equatable, Sendable {
  public let uid: UInt32
  public let gid: UInt32

  public init(uid: UInt32, gid: UInt32) {
    self.uid = uid
    self.gid = gid
  }
}

public enum BindKind: UInt64, Sendable {
  case directory = 1
  case file = 2
  /// A Unix socket of the host's.
  case socket = 3
}

/// A tmpfs of the sandbox's own.
public struct TemporaryFileSystem: Equatable, Sendable {
  public let path: String
  public let bytes: UInt64
  public let mode: UInt32
  public let noExecute: Bool
  public let ownedByServer: Bool

  public init(path: String, bytes: UInt64, mode: UInt32, noExecute: Bool, ownedByServer: Bool) {
    self.path = path
    self.bytes = bytes
    self.mode = mode
    self.noExecute = noExecute
    self.ownedByServer = ownedByServer
  }
}

/// A limit of `setrlimit(2)`.
public enum ResourceLimit: String, CaseIterable, Sendable {
  case coreSize = "core"
  case openFiles = "nofile"
  case processes = "nproc"
  case messageQueues = "msgqueue"
  case lockedMemory = "memlock"
  case pendingSignals = "sigpending"
  case fileSize = "fsize"
  case addressSpace = "as"
  /// What a process maps for itself alone and may write to: heaps and stacks.
  case dataSize = "data"
}

/// What must be so, seen from inside, before the server starts.
public struct Expectation: Equatable, Sendable {
  public let uid: UInt32
  public let gid: UInt32
  /// Whether no supplementary group may be left.
  public let noGroups: Bool
  /// The names in `/`, in the order of their bytes.
  public let rootEntries: [String]
  /// System calls that the profile allows or denies itself: what they do then is not tried.
  public let changedCalls: [String]
  /// What no grant shows as it is.
  public let covers: [Cover]
  /// Whether every address leads to a socket of the sandbox's own; else none leads anywhere.
  public let hasEgress: Bool

  public init(
    uid: UInt32, gid: UInt32, noGroups: Bool, rootEntries: [String], changedCalls: [String] = [],
    covers: [Cover] = [], hasEgress: Bool = false
  ) {
    self.uid = uid
    self.gid = gid
    self.noGroups = noGroups
    self.rootEntries = rootEntries
    self.changedCalls = changedCalls
    self.covers = covers
    self.hasEgress = hasEgress
  }
}
