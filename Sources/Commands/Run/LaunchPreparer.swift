import Glibc
import Kernel
import Manifest
import Profile
import Sandbox
import SystemCallFilter

/// Turns a profile and a command into a plan, step by step, each with the exit code and the hint of
/// its own failure.
struct LaunchPreparer {
  let options: RunOptions
  let context: CommandContext
  let places: Places
  /// Whatever the profile says: a trial keeps nothing.
  var hasTemporaryHome = false

  /// What there is to know before anything is started for the launch.
  func outset() throws(CommandError) -> LaunchOutset {
    // Without it nothing can be told of any process, and the first failure would say nothing.
    guard Files.exists("/proc/self/status") else {
      throw CommandError(step: "open", subject: "/proc/self/status", errno: Errno(ENOENT))
    }
    let (profile, command, arguments) = try resolveProfile()
    // A plan that is only printed leaves nothing behind: no directory, no place, no lock.
    let presence = options.dryRun ? nil : try presence()
    let supervisor = try supervisor()
    return LaunchOutset(
      profile: profile, command: command, arguments: arguments, supervisor: supervisor,
      limits: LimitPlan.make(
        for: LimitRequest(profile.limits), server: options.name.text, supervisor: supervisor),
      presence: presence)
  }

  /// - Parameters:
  ///   - limits: as they can be had here.
  ///   - identified: called as soon as the server's identity is known.
  func prepare(
    _ outset: LaunchOutset, limits: LimitPlan,
    identified: (Sandbox.Identity) throws(CommandError) -> Void
  ) throws(CommandError) -> PreparedLaunch {
    let profile = outset.profile
    let resolved = try resolve(outset.command, outset.arguments, profile)
    let paths = try paths(profile, resolved)
    let identity = try identity(profile, writesOutside: paths.grants.contains { $0.writable })
    try identified(identity)
    let secrets = try secrets(profile)
    let environment = environment(profile, resolved, secrets)
    let lineage = LaunchPinning.lineage(of: resolved)
    let home = home(profile, lineage)
    let systemCalls = try SystemCallChanges(profile)
    let egress = LaunchEgress(profile.network)
    var request = SandboxRequest(
      identity: identity,
      program: ServerProgram(
        executable: resolved.executable, arguments: resolved.arguments, environment: environment),
      grants: paths.grants, sockets: paths.sockets, links: links(resolved), home: home,
      temporaryBytes: UInt64(profile.filesystem.temporary.value.bytes),
      workingDirectory: profile.workingDirectory?.value ?? paths.onlyDirectory,
      processes: UInt64(profile.limits.processes.value.count),
      openFiles: UInt64(profile.limits.openFiles.value.count),
      fileSize: profile.limits.fileSize.map { UInt64($0.value.bytes) },
      addressSpace: profile.limits.addressSpace.map { UInt64($0.value.bytes) },
      dataSize: limits.dataOfEachProcess,
      systemCalls: systemCalls.base, allowedCalls: profile.system.allow.map(\.value),
      deniedCalls: systemCalls.denied,
      reserved: [places.configuration, places.state, places.audit].map(Self.real))
    request.egress = egress?.layout
    request.isWitnessed = options.verbose && isWitnessable()
    return PreparedLaunch(
      profile: profile, command: resolved, identity: identity, secrets: secrets,
      environment: environment, paths: paths, lineage: lineage, home: home,
      plan: try plan(request), systemCalls: systemCalls, egress: egress, limits: limits,
      ungranted: CommandFinder.ungrantedPaths(
        arguments: Array(resolved.arguments.dropFirst()), granted: paths.grants.map(\.path),
        home: places.home ?? "/nonexistent", workingDirectory: WorkingDirectory.path),
      presence: outset.presence)
  }

  /// An older kernel tells the steps of a verbose launch, but not what its filter refuses.
  private func isWitnessable() -> Bool {
    if FilterProgram.canBeWitnessed { return true }
    context.console.warn("--verbose can't name what the server is refused: that takes Linux 5.19")
    return false
  }

  private func supervisor() throws(CommandError) -> ProcessIdentity {
    do throws(SystemError) {
      if let identity = try ProcessIdentity(pid: getpid()) { return identity }
    } catch {
      throw CommandError(.unavailable, "\(error)")
    }
    throw CommandError(
      .unavailable, "/proc does not show this very process",
      hint: "mount /proc: the sandbox needs it too")
  }

  // MARK: The profile

  private func resolveProfile() throws(CommandError) -> (ResolvedProfile, String, [String]) {
    let loader = ProfileLoader.live(places)
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
      throw CommandError(profileFailure: error)
    }
    throw CommandError(
      .usage, "--name \(options.name): a server of this name is defined",
      hint: "run it with cordon run \(options.name), or choose another name")
  }

  private var profileOptions: ProfileOptions {
    var result = options.profileOptions
    result.profiles = result.profiles.map {
      $0.utf8.contains(0x2F) ? WorkingDirectory.absolute($0) : $0
    }
    result.readOnly = result.readOnly.map(WorkingDirectory.absolute)
    result.readWrite = result.readWrite.map(WorkingDirectory.absolute)
    return result
  }

  // MARK: The command

  private func resolve(
    _ command: String, _ arguments: [String], _ profile: ResolvedProfile
  ) throws(CommandError) -> ResolvedCommand {
    var variables: [String: String] = [:]
    for name in CommandRequest.variables { variables[name] = context.environment.text(of: name) }
    var request = CommandRequest(
      command: command, arguments: arguments,
      searchPath: context.environment.text(of: "PATH") ?? "/usr/local/bin:/usr/bin:/bin",
      home: places.home ?? "/nonexistent", workingDirectory: WorkingDirectory.path,
      environment: variables)
    request.fetchesPackages = profile.packages.value == .fetch
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

  private func plan(_ request: SandboxRequest) throws(CommandError) -> Plan {
    let facts: HostFacts
    do throws(SystemError) {
      facts = try HostFacts.gather()
    } catch {
      throw CommandError(step: error.step, subject: error.subject, errno: error.errno)
    }
    do throws(PlanError) {
      return try PlanBuilder.plan(for: request, facts: facts)
    } catch {
      throw CommandError(planFailure: error)
    }
  }
}
