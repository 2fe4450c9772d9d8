public import Control
import Glibc
public import Kernel
public import SystemCallFilter

/// What a plan is made from: the profile's and the command's demands, already resolved.
public struct SandboxRequest: Equatable, Sendable {
  /// HOME inside.
  public static let home = "/home/server"
  public static let hostName = "cordon"

  public enum Home: Equatable, Sendable {
    /// This directory of the host, kept between runs.
    case kept(String)
    case temporary
  }

  public var identity: Identity
  public var program: ServerProgram
  public var grants: [Grant]
  /// Unix sockets of the host's, each at its own path.
  public var sockets: [Grant]
  /// Symbolic links to be made inside, on the way to what a command needs.
  public var links: [Link]
  public var home: Home
  /// Size of `/tmp`, and of a temporary home, in bytes.
  public var temporaryBytes: UInt64
  /// Nil for HOME.
  public var workingDirectory: String?
  public var processes: UInt64
  public var openFiles: UInt64
  /// Bytes of a file, and of a process's addresses; nil for no limit.
  public var fileSize: UInt64?
  public var addressSpace: UInt64?
  /// Bytes of each process's own data, where no cgroup bounds all of them together.
  public var dataSize: UInt64?
  public var systemCalls: FilterBase
  public var allowedCalls: [String]
  public var deniedCalls: [String]
  /// Cordon's own directories: no grant may be, hold or be inside one.
  public var reserved: [String]
  /// Whether what the server is refused is told: `--verbose`.
  public var isWitnessed = false
  /// What the server may connect to, as its network looks from inside; nil for nothing.
  public var egress: EgressLayout?

  public init(
    identity: Identity, program: ServerProgram, grants: [Grant], sockets: [Grant] = [],
    links: [Link] = [], home: Home,
    temporaryBytes: UInt64, workingDirectory: String?, processes: UInt64, openFiles: UInt64,
    fileSize: UInt64? = nil, addressSpace: UInt64? = nil, dataSize: UInt64? = nil,
    systemCalls: FilterBase = .standard, allowedCalls: [String] = [], deniedCalls: [String] = [],
    reserved: [String]
  ) {
    self.identity = identity
    self.program = program
    self.grants = grants
    self.sockets = sockets
    self.links = links
    self.home = home
    self.temporaryBytes = temporaryBytes
    self.workingDirectory = workingDirectory
    self.processes = processes
    self.openFiles = openFiles
    self.fileSize = fileSize
    self.addressSpace = addressSpace
    self.dataSize = dataSize
    self.systemCalls = systemCalls
    self.allowedCalls = allowedCalls
    self.deniedCalls = deniedCalls
    self.reserved = reserved
  }
}

/// A symbolic link of the host's, as written.
public struct Link: Equatable, Sendable {
  public let path: String
  public let target: String

  public init(path: String, target: String) {
    self.path = path
    self.target = target
  }
}

/// One path of the host that appears inside, at its own place.
public struct Grant: Equatable, Sendable {
  public let path: String
  /// The path without symbolic links: what is mounted.
  public let source: String
  public let kind: BindKind
  public let owner: Owner
  public let writable: Bool
  /// A person or a profile named it, as against what a command needs to start: only then are its
  /// owner's files shown as the server's.
  public let isNamed: Bool
  /// What was there when the grant was looked at: something else is not mounted.
  public let identity: FileIdentity?
  /// What is covered inside, outer paths first.
  public let covers: [Cover]

  public init(
    path: String, source: String, kind: BindKind, owner: Owner, writable: Bool, isNamed: Bool,
    identity: FileIdentity? = nil, covers: [Cover] = []
  ) {
    self.path = path
    self.source = source
    self.kind = kind
    self.owner = owner
    self.writable = writable
    self.isNamed = isNamed
    self.identity = identity
    self.covers = covers
  }

  /// Looks a path up on the host.
  ///
  /// - Throws: `ENOENT` where there is none, `EINVAL` for what is neither file nor directory: a
  ///   socket or a device would be a way out.
  public init(resolving path: String, writable: Bool, isNamed: Bool) throws(SystemError) {
    let source = try Files.realPath(path)
    let status = try Files.status(source)
    switch status.kind {
    case .directory: kind = .directory
    case .regular: kind = .file
    case .symbolicLink, .socket, .fifo, .characterDevice, .blockDevice, .unknown:
      throw SystemError(
        step: "grant: neither a file nor a directory", subject: path, errno: Errno(EINVAL))
    }
    self.path = path
    self.source = source
    owner = Owner(uid: status.uid, gid: status.gid)
    self.writable = writable
    self.isNamed = isNamed
    identity = FileIdentity(status)
    covers = []
  }
}

/// Why no plan can be made of a request.
public enum PlanError: Error, Equatable, Sendable {
  /// `/`, `/proc`, `/dev`, `/sys`, `/tmp` and HOME are the sandbox's own.
  case ownedBySandbox(String)
  /// The grant would show this directory of Cordon's own.
  case reserved(grant: String, directory: String)
  /// The same path read-only and read-write.
  case conflict(String)
  /// The working directory is not among what is granted.
  case workingDirectoryNotGranted(String)
}
