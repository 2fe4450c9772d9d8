import Credentials
import Digest
import Glibc
import JSON
import Kernel
import Manifest
import Profile
import Sandbox
import SystemCallFilter

/// A launch as far as it can be decided without touching any store: what is granted, what runs,
/// and who the server is.
struct PreparedLaunch {
  let profile: ResolvedProfile
  let command: ResolvedCommand
  let identity: Sandbox.Identity
  let secrets: [Secret]
  let environment: [ServerProgram.Variable]
  let grants: [Grant]
  let lineage: Lineage
  let home: SandboxRequest.Home
  let plan: Plan
  /// What the command needs and only its owner may read.
  var unreadable: [String] { command.ownerOnly }
  /// Arguments that name what exists outside and is not granted.
  let ungranted: [UngrantedPath]
}

/// Turns a profile and a command into a plan, step by step, each with the exit code and the hint of
/// its own failure.
struct LaunchPreparer {
  let options: RunOptions
  let context: CommandContext
  let places: Places

  func prepare() throws(CommandError) -> PreparedLaunch {
    let (profile, command, arguments) = try resolveProfile()
    let resolved = try resolve(command, arguments, profile)
    let grants = try grants(profile, resolved)
    let identity = try identity(profile)
    let secrets = try secrets(profile)
    let environment = environment(profile, resolved, secrets)
    let lineage = LaunchPinning.lineage(of: resolved)
    let home = home(profile, lineage)
    let request = SandboxRequest(
      identity: identity,
      program: ServerProgram(
        executable: resolved.executable, arguments: resolved.arguments, environment: environment),
      grants: grants, links: links(resolved), home: home,
      temporaryBytes: UInt64(profile.filesystem.temporary.value.bytes),
      workingDirectory: profile.workingDirectory?.value,
      processes: UInt64(profile.limits.processes.value.count),
      openFiles: UInt64(profile.limits.openFiles.value.count),
      allowedCalls: profile.system.allow.map(\.value),
      deniedCalls: profile.system.deny.map(\.value),
      reserved: [places.configuration, places.state, places.audit])
    return PreparedLaunch(
      profile: profile, command: resolved, identity: identity, secrets: secrets,
      environment: environment, grants: grants, lineage: lineage, home: home,
      plan: try plan(request),
      ungranted: CommandFinder.ungrantedPaths(
        arguments: Array(resolved.arguments.dropFirst()), granted: grants.map(\.path),
        home: places.home ?? "/nonexistent", workingDirectory: workingDirectory))
  }

  // MARK: The profile

  private func resolveProfile() throws(CommandError) -> (ResolvedProfile, String, [String]) {
    let caller = geteuid()
    let loader = ProfileLoader(
      profileDirectories: [places.profiles], serverDirectories: [places.servers],
      home: places.home ?? "",
      systemCalls: SystemCallNaming(
        isKnown: { FilterProgram.isKnownCall($0) },
        nearest: { FilterProgram.nearestCall(to: $0) }),
      read: { (path, trust) throws(SystemError) in
        try ConfigurationFile.read(path, trust: trust, caller: caller)
      })
    let name = options.name
    do throws(ProfileError) {
      switch options.target {
      case .defined:
        let definition = try loader.requiredDefinition(named: name)
        let profile = try loader.resolve(
          server: name, definition: definition, options: profileOptions)
        return (profile, definition.command.value, definition.arguments)
      case .adHoc(_, let command):
        if try loader.definition(named: name) != nil { break }
        let profile = try loader.resolve(server: name, options: profileOptions)
        return (profile, command[0], Array(command.dropFirst()))
      }
    } catch {
      throw CommandError(
        ExitCode(rawValue: error.exitCode) ?? .configuration, error.description, hint: error.hint)
    }
    throw CommandError(
      .usage, "--name \(options.name): a server of this name is defined",
      hint: "run it with cordon run \(options.name), or choose another name")
  }

  private var profileOptions: ProfileOptions {
    var result = options.profileOptions
    result.profiles = result.profiles.map { $0.utf8.contains(0x2F) ? absolute($0) : $0 }
    result.readOnly = result.readOnly.map(absolute)
    result.readWrite = result.readWrite.map(absolute)
    return result
  }

  /// A path of the command line is relative to the working directory, as with every program.
  private func absolute(_ path: String) -> String {
    if path.hasPrefix("/") || path.hasPrefix("~") || path.hasPrefix("${") { return path }
    return Sandbox.Path.normalized("\(workingDirectory)/\(path)")
  }

  private var workingDirectory: String {
    guard let current = unsafe getcwd(nil, 0) else { return "/" }
    // getcwd allocates with malloc where it is given no buffer.
    defer { unsafe free(current) }
    return unsafe String(cString: current)
  }

  // MARK: The command

  private func resolve(
    _ command: String, _ arguments: [String], _ profile: ResolvedProfile
  ) throws(CommandError) -> ResolvedCommand {
    var variables: [String: String] = [:]
    for name in CommandRequest.variables { variables[name] = context.environment.text(of: name) }
    let request = CommandRequest(
      command: command, arguments: arguments,
      searchPath: context.environment.text(of: "PATH") ?? "/usr/local/bin:/usr/bin:/bin",
      home: places.home ?? "/nonexistent", workingDirectory: workingDirectory,
      environment: variables)
    do throws(Sandbox.CommandError) {
      return try CommandFinder.resolve(request)
    } catch {
      throw CommandError(.commandNotFound, error.description, hint: error.hint)
    }
  }

  private func links(_ command: ResolvedCommand) -> [Link] {
    command.grants.compactMap { grant in
      guard case .link(let target) = grant.kind else { return nil }
      return Link(path: grant.path, target: target)
    }
  }

  // MARK: The grants

  private func grants(
    _ profile: ResolvedProfile, _ command: ResolvedCommand
  ) throws(CommandError) -> [Grant] {
    var grants: [Grant] = []
    for (list, writable) in [
      (profile.filesystem.readOnly, false), (profile.filesystem.readWrite, true),
    ] {
      for grant in list {
        do throws(SystemError) {
          grants.append(try Grant(resolving: grant.value, writable: writable, isNamed: true))
        } catch {
          throw CommandError(
            .configuration, "\(error)", hint: "the grant is from \(grant.origin)")
        }
      }
    }
    for grant in command.grants where !isLink(grant) {
      if grants.contains(where: { Sandbox.Path.same($0.path, grant.path) }) { continue }
      do throws(SystemError) {
        grants.append(try Grant(resolving: grant.path, writable: false, isNamed: false))
      } catch {
        throw CommandError(.commandNotFound, "\(error)", hint: "needed because: \(grant.reason)")
      }
    }
    return grants
  }

  private func isLink(_ grant: CommandGrant) -> Bool {
    if case .link = grant.kind { return true }
    return false
  }

  // MARK: Identity, secrets, environment

  private func identity(_ profile: ResolvedProfile) throws(CommandError) -> Sandbox.Identity {
    let kind: Sandbox.Identity.Kind =
      switch profile.identity.value {
      case .separate: .separate
      case .caller: .caller
      }
    do throws(SystemError) {
      try Files.makeDirectories(places.state, mode: 0o700)
    } catch {
      throw CommandError(.storeFailure, "the state directory can't be made: \(error)")
    }
    do throws(IdentityError) {
      return try Sandbox.Identity.resolve(
        kind, name: options.name.text, stateDirectory: places.state)
    } catch {
      throw CommandError(identityFailure: error)
    }
  }

  private func secrets(_ profile: ResolvedProfile) throws(CommandError) -> [Secret] {
    var secrets: [Secret] = []
    for grant in profile.secrets.map(\.value) {
      let source: SecretSource =
        switch grant.source {
        case .environment(let variable): .environment(variable)
        case .file(let path): .file(path)
        }
      do throws(SecretError) {
        secrets.append(
          try source.read(name: grant.name) { context.environment.bytes(of: $0) })
      } catch {
        throw CommandError(.configuration, error.description, hint: error.hint)
      }
    }
    return secrets
  }

  private func environment(
    _ profile: ResolvedProfile, _ command: ResolvedCommand, _ secrets: [Secret]
  ) -> [ServerProgram.Variable] {
    let system = ["/usr/local/bin", "/usr/bin", "/bin"]
    let path = (command.searchPath + system).joined(separator: ":")
    var variables: [ServerProgram.Variable] = []
    let own = [
      ("HOME", SandboxRequest.home), ("LOGNAME", "server"), ("PATH", path), ("USER", "server"),
    ]
    let given = Set(profile.environment.map { JSONString($0.value.name) })
    for (name, value) in own where !given.contains(JSONString(name)) {
      variables.append(.init(name: name, value: Array(value.utf8)))
    }
    for variable in profile.environment.map(\.value) {
      switch variable.value {
      case .literal(let value):
        variables.append(.init(name: variable.name, value: Array(value.utf8)))
      case .passed:
        // A variable that the caller does not have is not set inside either.
        if let value = context.environment.bytes(of: variable.name) {
          variables.append(.init(name: variable.name, value: value))
        }
      }
    }
    for secret in secrets {
      variables.append(.init(name: secret.name, value: secret.value, isSecret: true))
    }
    return variables
  }

  private func home(_ profile: ResolvedProfile, _ lineage: Lineage) -> SandboxRequest.Home {
    switch profile.filesystem.home.value {
    case .temporary: return .temporary
    case .private:
      // Another program under an old name finds a home of its own.
      return .kept("\(places.homes)/\(options.name)/\(lineage.digest.hex.prefix(16))")
    }
  }

  private func plan(_ request: SandboxRequest) throws(CommandError) -> Plan {
    let facts: HostFacts
    do throws(SystemError) {
      facts = try HostFacts.gather()
    } catch {
      throw CommandError(.unavailable, "\(error)")
    }
    do throws(PlanError) {
      return try PlanBuilder.plan(for: request, facts: facts)
    } catch {
      throw CommandError(planFailure: error)
    }
  }
}
