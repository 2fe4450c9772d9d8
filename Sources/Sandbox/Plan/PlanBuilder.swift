import Confinement

/// Makes the plan of a launch: profile and machine in, ordered steps out. Pure.
public struct PlanBuilder {
  private let request: SandboxRequest
  private let facts: HostFacts
  private var sources: [Source] = []
  private var tree: [Step] = []
  /// Paths that exist in the new root so far, and those that are mounts with contents of their own.
  private var made: Set<String> = ["/"]
  private var mounted: [String] = []

  /// - Throws: `PlanError` for what no sandbox of this kind can give.
  public static func plan(
    for request: SandboxRequest, facts: HostFacts
  ) throws(PlanError) -> Plan {
    var builder = PlanBuilder(request: request, facts: facts)
    try builder.checkGrants()
    return try builder.build()
  }

  private init(request: SandboxRequest, facts: HostFacts) {
    self.request = request
    self.facts = facts
  }

  private mutating func build() throws(PlanError) -> Plan {
    addSystem()
    addConfiguration()
    addOwnFileSystems()
    addHome()
    addGrants()
    for link in request.links where !SystemView.shows(link.path) && !isInsideMount(link.path) {
      self.link(link.path, to: link.target)
    }
    let opened = sources.map { Step.openSource($0) }
    let identity = request.identity
    let root: [Step] =
      [
        // Where only the caller's GID is mapped the kernel denies setgroups.
        .becomeStage(uid: identity.insideStage, clearingGroups: identity.mapper != .caller),
        .makeMountsPrivate, .forbidUserNamespaces,
      ] + opened + [.newRoot(bytes: 4 << 20)]
    let sealed: [Step] =
      [
        .makeReadOnly(path: "/dev"), .pivot, .makeReadOnly(path: "/"),
        .hostName(SandboxRequest.hostName), .loopback,
      ] + (request.egress.map { [.egress($0)] } ?? [])
    return Plan(
      steps: root + tree + sealed + (try serverSteps(PathRules.rules(of: opened + tree))),
      program: request.program,
      insideUID: Identity.insideServer, insideGID: Identity.insideServer,
      isWitnessed: request.isWitnessed)
  }

  // MARK: The view of the disk

  private mutating func addSystem() {
    for path in SystemView.rootNames {
      switch facts.system[path] {
      case .symbolicLink(let target): link(path, to: target)
      case .directory: bind(Source(path: path), at: path, .directory)
      case .file, nil: break
      }
    }
  }

  private mutating func addConfiguration() {
    for file in SystemView.generatedFiles(
      hostName: SandboxRequest.hostName, hasEgress: request.egress != nil)
    {
      parents(of: file.path)
      tree.append(.file(path: file.path, contents: file.contents))
    }
    for path in SystemView.configuration {
      switch facts.system[path] {
      case .symbolicLink(let target): link(path, to: target)
      case .directory: bind(Source(path: path, noExecute: true), at: path, .directory)
      case .file: bind(Source(path: path, noExecute: true), at: path, .file)
      case nil: break
      }
    }
  }

  private mutating func addOwnFileSystems() {
    tree.append(.processes(path: "/proc"))
    temporary("/dev", bytes: 64 << 10, mode: 0o755, noExecute: true)
    for device in SystemView.devices {
      bind(
        Source(path: "/dev/\(device)", noExecute: true, devices: true), at: "/dev/\(device)", .file)
    }
    for (name, target) in SystemView.deviceLinks { link("/dev/\(name)", to: target) }
    temporary("/dev/shm", bytes: request.temporaryBytes, mode: 0o1777, noExecute: true)
    temporary("/tmp", bytes: request.temporaryBytes, mode: 0o1777, noExecute: false)
    directory("/run", 0o755)
    directory("/var", 0o755)
    temporary("/var/tmp", bytes: request.temporaryBytes, mode: 0o1777, noExecute: false)
    made.insert("/proc")
  }

  private mutating func addHome() {
    let home = SandboxRequest.home
    parents(of: home)
    switch request.home {
    case .temporary:
      temporary(
        home, bytes: request.temporaryBytes, mode: 0o700, noExecute: false, ownedByServer: true)
    case .kept(let path):
      bind(Source(path: path, readOnly: false), at: home, .directory)
      // As root the supervisor has given it to the server; otherwise only the stage can.
      if case .helpers = request.identity.mapper { tree.append(.own(path: home)) }
    }
  }

  private mutating func addGrants() {
    // A grant inside another comes after it, or it would be covered.
    let ordered = request.grants.sorted { $0.path.utf8.count < $1.path.utf8.count }
    for grant in ordered where grant.writable || !SystemView.shows(grant.path) {
      if !grant.writable, mounted.contains(where: { $0 == grant.path }) { continue }
      parents(of: grant.path)
      let source = Source(
        path: grant.source, readOnly: !grant.writable, mappedOwner: mappedOwner(of: grant),
        identity: grant.identity)
      bind(source, at: grant.path, grant.kind)
      // Before the grants inside: a narrower one lies over what is covered here.
      tree += grant.covers.map { .cover($0) }
    }
    for socket in request.sockets where !isInsideMount(socket.path) {
      bind(
        Source(
          path: socket.source, mappedOwner: mappedOwner(of: socket), identity: socket.identity),
        at: socket.path, .socket)
    }
  }

  /// Root shows the owner's files as the server's; nobody else can.
  private func mappedOwner(of grant: Grant) -> Owner? {
    guard request.identity.kind == .separate, request.identity.mapper == .root, grant.isNamed else {
      return nil
    }
    return grant.owner
  }

  // MARK: Parts of the tree

  private mutating func bind(_ source: Source, at path: String, _ kind: BindKind) {
    parents(of: path)
    tree.append(.bind(source: sources.count, path: path, kind: kind))
    sources.append(source)
    made.insert(path)
    mounted.append(path)
  }

  private mutating func link(_ path: String, to target: String) {
    parents(of: path)
    tree.append(.symbolicLink(path: path, target: target))
    made.insert(path)
  }

  private mutating func directory(_ path: String, _ mode: UInt32) {
    guard made.insert(path).inserted else { return }
    tree.append(.directory(path: path, mode: mode))
  }

  /// Directories above a path, but not inside a bind: what is there exists on the host.
  private mutating func parents(of path: String) {
    for ancestor in Self.ancestors(of: path)
    where !made.contains(ancestor) && !isInsideMount(ancestor) {
      directory(ancestor, 0o755)
    }
  }

  private func isInsideMount(_ path: String) -> Bool {
    mounted.contains { Path.isWithin(path, $0) }
  }

  private mutating func temporary(
    _ path: String, bytes: UInt64, mode: UInt32, noExecute: Bool, ownedByServer: Bool = false
  ) {
    tree.append(
      .temporary(
        TemporaryFileSystem(
          path: path, bytes: bytes, mode: mode, noExecute: noExecute, ownedByServer: ownedByServer))
    )
    made.insert(path)
  }

  // MARK: The process

  private func serverSteps(_ rules: [PathRule]) throws(PlanError) -> [Step] {
    let identity = request.identity
    let canClearGroups = identity.mapper != .caller
    let directory = request.workingDirectory ?? SandboxRequest.home
    guard isVisible(directory) else { throw .workingDirectoryNotGranted(directory) }
    let names = Set(made.compactMap { $0.split(separator: "/").first.map(String.init) })
    let expectation = Expectation(
      uid: Identity.insideServer, gid: Identity.insideServer, noGroups: canClearGroups,
      rootEntries: names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
      changedCalls: request.allowedCalls + request.deniedCalls,
      covers: request.grants.flatMap(\.covers).filter { $0.kind != .pinned },
      hasEgress: request.egress != nil)
    var steps: [Step] =
      [
        .session,
        .limit(.coreSize, soft: 0, hard: 0),
        .limit(.openFiles, soft: request.openFiles, hard: request.openFiles),
        .limit(.processes, soft: request.processes, hard: request.processes),
        .limit(.messageQueues, soft: 0, hard: 0),
        .limit(.lockedMemory, soft: 64 << 10, hard: 64 << 10),
        .limit(.pendingSignals, soft: 1024, hard: 1024),
      ] + optionalLimits + [
        .fileModeMask(0o022), .dropBoundingSet, .lockSecureBits,
      ]
    if canClearGroups { steps.append(.clearGroups) }
    steps += [
      .takeIdentity(uid: Identity.insideServer, gid: Identity.insideServer), .dropCapabilities,
      .noNewPrivileges, .workingDirectory(directory), .closeDescriptors,
    ]
    if let landlock = facts.landlock {
      steps.append(.landlock(version: landlock.version, rules: rules))
    }
    steps += [
      .filterSystemCalls(
        request.systemCalls, allow: request.allowedCalls, deny: request.deniedCalls),
      .verify(expectation), .execute,
    ]
    return steps
  }

  private var optionalLimits: [Step] {
    [
      request.fileSize.map { .limit(.fileSize, soft: $0, hard: $0) },
      request.addressSpace.map { .limit(.addressSpace, soft: $0, hard: $0) },
      request.dataSize.map { .limit(.dataSize, soft: $0, hard: $0) },
    ].compactMap(\.self)
  }

  private func isVisible(_ path: String) -> Bool {
    Path.isWithin(path, SandboxRequest.home) || Path.isWithin(path, "/tmp")
      || SystemView.shows(path)
      || request.grants.contains { Path.isWithin(path, $0.path) }
  }

  /// The directories above a path, from the top, without `/` and the path itself.
  private static func ancestors(of path: String) -> [String] {
    let parts = Path.components(path)
    return (1..<max(parts.count, 1)).map { "/" + parts[..<$0].joined(separator: "/") }
  }

  private func checkGrants() throws(PlanError) {
    var writability: [String: Bool] = [:]
    for grant in request.grants {
      // Services of the host listen on sockets in /run, and no mount option keeps those closed.
      let own = ["/proc", "/dev", "/sys", "/run", "/var/run", SandboxRequest.home]
      let tops = ["/", "/tmp", "/var/tmp", "/home"]
      // What a link leads to counts as much as the name that it was granted by.
      if [grant.path, grant.source].contains(where: { path in
        tops.contains { Path.same($0, path) } || own.contains { Path.isWithin(path, $0) }
      }) {
        throw .ownedBySandbox(grant.path)
      }
      for directory in request.reserved
      where Path.isWithin(grant.source, directory)
        || Path.isWithin(directory, grant.source) && !grant.hides(directory)
      {
        throw .reserved(grant: grant.path, directory: directory)
      }
      if let other = writability[grant.path], other != grant.writable, grant.isNamed {
        throw .conflict(grant.path)
      }
      writability[grant.path] = grant.writable || (writability[grant.path] ?? false)
    }
  }
}

extension Grant {
  /// Whether something stands in front of a directory of the host's that lies inside.
  fileprivate func hides(_ directory: String) -> Bool {
    let below = Path.components(directory).dropFirst(Path.components(source).count)
    let inside = below.reduce(path) { Path.join($0, $1) }
    return covers.contains { $0.kind == .hidden && Path.isWithin(inside, $0.path) }
  }
}
