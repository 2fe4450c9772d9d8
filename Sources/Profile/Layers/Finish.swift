extension Merge {
  /// What holds where no layer says anything; `default.jsonc` says the same.
  private static let temporary = SizeValue(bytes: 64 << 20)
  private static let memory = SizeValue(bytes: 1 << 30)
  private static let processes = LimitValue(256)
  private static let openFiles = LimitValue(1024)
  private static let messageSize = SizeValue(bytes: 16 << 20)

  /// The sum of the layers as a profile.
  ///
  /// - Throws: the first field that this build does not enforce; a working directory that is not
  ///   granted.
  func finish(server: ServerName, profiles: [String]) throws(ProfileError) -> ResolvedProfile {
    if let first = sum.unenforced.first { throw first.error }
    let resolved = ResolvedProfile(
      server: server, profiles: profiles,
      packages: sum.packages ?? Sourced(.installed, .builtIn),
      identity: sum.identity ?? Sourced(.separate, .builtIn),
      filesystem: .init(
        readOnly: Self.sorted(sum.readOnly.without(sum.readWrite), by: \.path),
        readWrite: Self.sorted(sum.readWrite.neededBy(sum.readOnly), by: \.path),
        sockets: Self.sorted(sum.sockets, by: \.path),
        home: sum.home ?? Sourced(.private, .builtIn),
        temporary: sum.temporary ?? Sourced(Self.temporary, .builtIn)),
      network: try network(),
      environment: Self.sorted(sum.variables, by: \.name),
      secrets: Self.sorted(sum.secrets, by: \.name),
      system: .init(
        base: sum.systemCalls ?? Sourced(.default, .builtIn),
        allow: Self.sorted(Self.without(sum.systemDeny, in: sum.systemAllow)) { $0 },
        deny: Self.sorted(sum.systemDeny) { $0 }),
      limits: limits, flow: sum.flow,
      protocolRules: .init(
        capabilities: sum.capabilities,
        extensions: Self.sorted(sum.extensions) { $0 }),
      manifest: .init(sum.manifest),
      launch: sum.launch ?? Sourced(.trust, .builtIn),
      approval: .init(
        elicitation: sum.elicitation ?? Sourced(.deny, .builtIn), program: sum.approvalProgram),
      auditArguments: sum.auditArguments ?? Sourced(.digest, .builtIn),
      workingDirectory: sum.workingDirectory,
      accept: Self.sorted(sum.accept, by: \.name))
    try Self.checkWorkingDirectory(resolved)
    return resolved
  }

  /// Without what a denial leaves nothing of.
  private func network() throws(ProfileError) -> ResolvedProfile.Network {
    let isDenied = { (grant: Sourced<NetworkRule>) in
      sum.networkDeny.contains { $0.value.covers(grant.value) }
    }
    let allow = sum.networkAllow.filter { !isDenied($0) }
    var ports: Set<UInt16> = []
    for grant in allow {
      guard let port = grant.value.port, ports.insert(port).inserted,
        ports.count > ResolvedProfile.Network.mostPorts
      else { continue }
      throw ProfileError(
        .impossibleValue,
        "more than \(ResolvedProfile.Network.mostPorts) ports are granted, each for some host",
        at: grant.origin, hint: #"a host with "ports": "any" counts for none"#)
    }
    if allow.count + sum.networkDeny.count > ResolvedProfile.Network.mostRules {
      throw ProfileError(
        .impossibleValue,
        "more than \(ResolvedProfile.Network.mostRules) destinations are granted and denied",
        at: allow.last?.origin)
    }
    return ResolvedProfile.Network(
      allow: Self.sorted(allow, by: \.place), deny: Self.sorted(sum.networkDeny, by: \.place),
      void: Self.sorted(sum.networkAllow.filter(isDenied), by: \.place))
  }

  private var limits: ResolvedProfile.Limits {
    .init(
      memory: sum.memory ?? Sourced(Self.memory, .builtIn), swap: sum.swap,
      processes: sum.processes ?? Sourced(Self.processes, .builtIn), cpus: sum.cpus,
      openFiles: sum.openFiles ?? Sourced(Self.openFiles, .builtIn), fileSize: sum.fileSize,
      addressSpace: sum.addressSpace,
      messageSize: sum.messageSize ?? Sourced(Self.messageSize, .builtIn))
  }

  private static func without(
    _ stronger: [Sourced<String>], in grants: [Sourced<String>]
  ) -> [Sourced<String>] {
    grants.filter { grant in !stronger.contains { $0.value.hasSameBytes(as: grant.value) } }
  }

  private static func sorted<Value>(
    _ grants: [Sourced<Value>], by key: (Value) -> String
  ) -> [Sourced<Value>] {
    grants.sorted { key($0.value).precedes(key($1.value)) }
  }

  private static func checkWorkingDirectory(
    _ profile: ResolvedProfile
  ) throws(ProfileError) {
    guard let directory = profile.workingDirectory else { return }
    let visible =
      [ResolvedProfile.homeInside, "/tmp"] + profile.filesystem.readOnly.map(\.value.path)
      + profile.filesystem.readWrite.map(\.value.path)
    guard visible.contains(where: { PathOrder.contains($0, directory.value) }) else {
      throw ProfileError(
        .notGranted,
        "the working directory \(Printable.quoted(directory.value)) is not granted",
        at: directory.origin,
        hint: "grant it with --read-only or --read-write, or in the profile's \"filesystem\"")
    }
  }
}
