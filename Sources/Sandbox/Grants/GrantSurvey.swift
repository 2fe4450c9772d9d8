import Glibc
import Kernel

/// Looks at what a profile grants by name, on the machine as it is now, and decides how each grant
/// appears inside: what is mounted, and what is covered in it.
///
/// Two paths are compared by where they lead on the disk: a link, a bind mount and a hard link are
/// further names of one thing. Nothing is changed here.
public struct GrantSurvey {
  /// A path as a profile or an option grants it.
  public struct Named: Equatable, Sendable {
    public let path: String
    public let writable: Bool
    /// Where there is no such path the server does without it.
    public let isOptional: Bool

    public init(_ path: String, writable: Bool, isOptional: Bool = false) {
      self.path = path
      self.writable = writable
      self.isOptional = isOptional
    }
  }

  /// What no grant may touch, and what it is compared with.
  public struct Surroundings: Sendable {
    /// Cordon's own directories, whether or not they exist yet.
    public var reserved: [String]
    /// Cordon's binary, and the files that decide what the server's program is.
    public var programs: [String]
    public var homes: [Home]
    /// What the command needs to start, read-only.
    public var needed: [Grant]

    public init(
      reserved: [String], programs: [String], homes: [Home], needed: [Grant]
    ) {
      self.reserved = reserved
      self.programs = programs
      self.homes = homes
      self.needed = needed
    }
  }

  /// An account's home directory.
  public struct Home: Equatable, Sendable {
    public let account: String
    public let path: String
    /// Who must own the directory for it to be a home: `/` and `/usr/sbin` are entered as the homes
    /// of many, and are nobody's. Nil for the caller's.
    public let owner: UInt32?

    public init(account: String, path: String, owner: UInt32?) {
      self.account = account
      self.path = path
      self.owner = owner
    }
  }

  /// What was accepted by name.
  public struct Tolerance: Equatable, Sendable {
    public var root = false
    public var homes = false
    /// Sockets and named pipes inside granted directories.
    public var channels = false
    public var startupFiles = false

    public init() {}

    mutating func add(_ other: Tolerance) {
      root = root || other.root
      homes = homes || other.homes
      channels = channels || other.channels
      startupFiles = startupFiles || other.startupFiles
    }
  }

  /// The grants as the sandbox shows them.
  public struct Outcome: Equatable, Sendable {
    public var grants: [Grant] = []
    public var sockets: [Grant] = []
    public var placeholders: [Placeholder] = []
    /// What the server can neither change nor make in writable grants.
    public var kept: [KeptName] = []
    /// What of the tolerance this launch needs.
    public var weakened = Tolerance()
    /// The only directory that was granted, where there is just one.
    public var onlyDirectory: String?
  }

  let surroundings: Surroundings
  let tolerance: Tolerance
  let mounts: MountTable
  let reserved: [(path: String, location: DiskLocation)]
  let homes: [(account: String, object: DiskObject)]

  /// More covers than this are not made.
  static let mostCovers = 1024

  /// - Parameters:
  ///   - named: in any order; each path once.
  ///   - sockets: Unix sockets that are granted by path.
  public static func look(
    at named: [Named], sockets: [Named] = [], surroundings: Surroundings, tolerance: Tolerance
  ) throws(GrantError) -> Outcome {
    var outcome = Outcome()
    outcome.grants = surroundings.needed
    guard !named.isEmpty || !sockets.isEmpty else { return outcome }
    let survey: GrantSurvey
    do throws(SystemError) {
      survey = try GrantSurvey(surroundings, tolerance)
    } catch {
      throw .unresolved(error.subject, error)
    }
    return try survey.look(at: named, sockets)
  }

  private init(_ surroundings: Surroundings, _ tolerance: Tolerance) throws(SystemError) {
    self.surroundings = surroundings
    self.tolerance = tolerance
    let mounts = try MountTable.current()
    self.mounts = mounts
    var reserved: [(path: String, location: DiskLocation)] = []
    for path in surroundings.reserved {
      reserved.append((path, try DiskLocation.expected(of: path, in: mounts)))
    }
    self.reserved = reserved
    homes = Self.homes(of: surroundings, in: mounts)
  }

  private static func homes(
    of surroundings: Surroundings, in mounts: MountTable
  ) -> [(account: String, object: DiskObject)] {
    surroundings.homes.compactMap { home in
      do throws(SystemError) {
        let object = try DiskObject(following: home.path, in: mounts)
        let isOwned = home.owner == nil || home.owner == object.status.uid
        return isOwned && !Path.same(object.path, "/") ? (home.account, object) : nil
      } catch {
        // An account whose home is not there, or not for this user to see.
        return nil
      }
    }
  }

  private func look(at named: [Named], _ sockets: [Named]) throws(GrantError) -> Outcome {
    var outcome = Outcome()
    var found: [Candidate] = []
    for grant in named {
      guard var candidate = try resolve(grant) else { continue }
      try checkPlace(candidate)
      try checkTolerance(candidate)
      candidate.isTolerated = isTolerated(candidate)
      candidate.isOfDisk = Path.same(candidate.object.path, "/")
      outcome.weakened.root = outcome.weakened.root || candidate.isOfDisk
      outcome.weakened.channels = outcome.weakened.channels || candidate.isOfDisk
      outcome.weakened.homes =
        outcome.weakened.homes || !candidate.isOfDisk && home(in: candidate) != nil
      candidate.path = place(of: candidate, beside: named)
      found.append(candidate)
    }
    let directories = found.filter { $0.object.status.kind == .directory }
    if directories.count == 1, let only = directories.first, !holdsOwn(only.path) {
      outcome.onlyDirectory = only.path
    }
    for socket in sockets {
      if let grant = try resolveSocket(socket) { outcome.sockets.append(grant) }
    }
    var candidates: [Candidate] = []
    for candidate in found { candidates += try expanded(candidate) }
    try checkConflicts(candidates)
    let all = candidates
    for index in candidates.indices {
      try complete(&candidates[index], beside: all, outcome.sockets)
      outcome.placeholders += candidates[index].placeholders
      outcome.kept += candidates[index].kept
      outcome.weakened.add(candidates[index].weakened)
    }
    outcome.grants = candidates.map(\.grant) + neededBeside(candidates)
    return outcome
  }

  /// Where a grant appears: at its own path or, where a link in that path is shown by another grant
  /// or by the system, at the path that the link leads to.
  private func place(of candidate: Candidate, beside named: [Named]) -> String {
    let path = candidate.path
    if Path.same(path, candidate.object.path) { return path }
    let others = named.map(\.path) + surroundings.needed.map(\.path)
    let isInside = others.contains { Path.isWithin(path, $0) && !Path.same(path, $0) }
    return isInside || SystemView.shows(path) ? candidate.object.path : path
  }

  /// What the command needs and nobody has named.
  private func neededBeside(_ candidates: [Candidate]) -> [Grant] {
    surroundings.needed.filter { needed in
      !candidates.contains { Path.same($0.path, needed.path) }
    }
  }
}

/// One grant, while it is decided how it appears.
struct Candidate {
  /// Where it appears inside.
  var path: String
  let object: DiskObject
  let writable: Bool
  /// It is one of the parts in which a larger grant is shown.
  var isPart = false
  /// It is a part of the whole disk.
  var isOfDisk = false
  /// It comes from a grant of the whole disk or of a home directory that was accepted by name:
  /// what no server may see is hidden in it instead of refused.
  var isTolerated = false
  var covers = CoverSet()
  var placeholders: [Placeholder] = []
  var kept: [KeptName] = []
  var weakened = GrantSurvey.Tolerance()

  var isDirectory: Bool { object.status.kind == .directory }

  var grant: Grant {
    Grant(
      path: path, source: object.path, kind: isDirectory ? .directory : .file,
      owner: Owner(uid: object.status.uid, gid: object.status.gid), writable: writable,
      isNamed: true, identity: object.identity, covers: covers.ordered(in: path))
  }
}
