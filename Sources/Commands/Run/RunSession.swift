import Audit
import Control
import Credentials
import Glibc
import Kernel
import Manifest
import Profile
import Sandbox
import Supervisor

/// The part of `cordon run` that writes: approvals, the private home, the audit log; then the
/// session itself.
struct RunSession {
  let options: RunOptions
  let context: CommandContext
  let places: Places
  let launch: PreparedLaunch
  /// Made once: the forms of every secret are computed.
  private let redactor: Redactor

  init(options: RunOptions, context: CommandContext, places: Places, launch: PreparedLaunch) {
    self.options = options
    self.context = context
    self.places = places
    self.launch = launch
    redactor = Redactor(launch.secrets)
  }

  func run(_ beginning: Beginning) throws(CommandError) -> Int32 {
    let store = try store()
    var log = try auditLog()
    let weaknesses = try checkMachine() + launch.paths.weaknesses
    // The sandbox is built while it is decided whether anything may run in it. But a home is made
    // for a launch that is approved, and names in grants are held before there are mounts.
    let canBuildEarly = hasHome && launch.paths.placeholders.isEmpty
    if canBuildEarly { try build(beginning) }
    try pin(store, &log)
    try prepareHome()
    tellOfGrants()
    for warning in launch.systemCalls.warnings { context.console.warn(warning) }
    let outcome: SessionOutcome
    do {
      // Held until the session is over and no longer: what is there afterwards is somebody's.
      let sweeper = try startSweeper()
      defer { sweeper?.finish() }
      let asker = try startAsker()
      defer { asker?.finish() }
      if !canBuildEarly { try build(beginning) }
      outcome = try supervise(beginning, store, log, weaknesses, sweeper, asker)
    }
    tellOfChanges()
    // Nobody removes what belongs to the name before this.
    withExtendedLifetime(launch.presence) {}
    return finish(outcome)
  }

  /// What this machine cannot offer is accepted by name, or stops the launch.
  ///
  /// - Returns: the weaknesses that it has.
  private func checkMachine() throws(CommandError) -> [Weakness] {
    try checkLandlock() + checkLimits()
  }

  private func checkLandlock() throws(CommandError) -> [Weakness] {
    guard !launch.plan.hasLandlock else { return [] }
    let missing = Weakness.noLandlock
    guard launch.profile.accepts(missing) else {
      throw CommandError(
        .unavailable,
        "landlock: the kernel has none that a server can run under: "
          + missing.meaning,
        hint: "accept that by name, in the profile or with --accept \(missing.name)")
    }
    context.console.warn("accepted: \(missing.name): \(missing.meaning)")
    return [missing]
  }

  private func checkLimits() throws(CommandError) -> [Weakness] {
    let policy = LimitPolicy(profile: launch.profile)
    var weaknesses: [Weakness] = []
    for shortfall in launch.limits.shortfalls {
      guard let weakness = try policy.check(shortfall) else { continue }
      weaknesses.append(weakness)
      if policy.accepts(shortfall.limit) {
        context.console.warn("accepted: \(shortfall.text)")
      } else {
        context.console.warn(shortfall.text)
        context.console.hint(LimitPolicy.hint(accepting: weakness))
      }
    }
    return weaknesses
  }

  // MARK: Stores

  private func store() throws(CommandError) -> ApprovalStore {
    do throws(StoreError) {
      return try ApprovalStore(directory: places.approvals, name: options.name.text)
    } catch {
      throw CommandError(.storeFailure, error.description, hint: error.hint)
    }
  }

  private func auditLog() throws(CommandError) -> AuditLog {
    do throws(AuditError) {
      return try AuditLog(
        directory: places.audit, server: options.name.text,
        session: "\(getpid())-\(Clock.realTime().seconds)",
        redact: { [redactor] in redactor.redact($0) })
    } catch {
      throw CommandError(.storeFailure, "the audit log can't be opened: \(error)")
    }
  }

  private var hasHome: Bool {
    guard case .kept(let path) = launch.home else { return true }
    return Files.exists(path)
  }

  private func build(_ beginning: Beginning) throws(CommandError) {
    do throws(SystemError) {
      try beginning.build(launch.plan, for: launch.identity)
    } catch {
      throw CommandError(step: error.step, subject: error.subject, errno: error.errno)
    }
  }

  private func prepareHome() throws(CommandError) {
    guard case .kept(let path) = launch.home else { return }
    do throws(SystemError) {
      try Files.makeDirectories(path, mode: 0o700)
      if launch.identity.mapper == .root {
        let owner = launch.identity.server
        try check("chown", path) { unsafe lchown(path, owner.uid, owner.gid) }
      }
    } catch {
      throw CommandError(keeping: "the private home can't be made", error)
    }
  }

  // MARK: The session

  private func supervise(
    _ beginning: Beginning, _ store: ApprovalStore, _ log: consuming AuditLog,
    _ weaknesses: [Weakness], _ sweeper: Sweeper?, _ asker: Asker?
  ) throws(CommandError) -> SessionOutcome {
    let profile = launch.profile
    let relay = RelayConfiguration(
      serverName: options.name.text, mode: .relay,
      messageSize: profile.limits.messageSize.value.bytes, limits: RelayLimits(profile.flow),
      notice: profile.manifest.notice.value == .show,
      digestArguments: profile.auditArguments.value == .digest,
      requiresLandlock: launch.plan.hasLandlock,
      secrets: launch.secrets.map { NamedSecret(name: $0.name, value: $0.value) },
      rules: launch.protocolRules,
      withholdResources: profile.manifest.resources.value == .withhold,
      questionSeconds: profile.approval.elicitation.value == .allow
        ? profile.flow[.approval].value : nil)
    let started = Launch(
      server: options.name.text, plan: launch.plan, identity: launch.identity,
      relay: relay,
      egress: launch.egress?.configuration(
        for: options.name.text, requiresLandlock: launch.plan.hasLandlock),
      profiles: profile.profiles, accepted: profile.accept.map(\.value.name),
      systemCalls: launch.systemCalls.record, weaknesses: weaknesses.map(\.name),
      limits: launch.limits, isVerbose: options.verbose,
      callerHome: places.home.map(LaunchPreparer.real), sweeper: sweeper, asker: asker)
    do throws(LaunchFailure) {
      return try Supervisor.run(
        beginning, started, store: store,
        firstUse: profile.manifest.firstUse.value == .trust ? .trust : .ask,
        policy: ChangeRules.policy(profile.manifest),
        redactor: redactor, log: log
      ) { notice in tell(notice, redactor) }
    } catch {
      switch error {
      case .sandbox(let error):
        throw CommandError(step: error.step, subject: error.subject, errno: error.errno)
      case .stores(let error):
        throw CommandError(keeping: "the session can't be entered", error)
      case .audit(let error):
        throw CommandError(.storeFailure, "the launch can't be written down: \(error)")
      }
    }
  }

  private func tell(_ notice: SessionNotice, _ redactor: Redactor) {
    switch notice {
    case .error(let text, let hint):
      context.console.report(
        CommandError(.internalError, redactor.redact(text), hint: hint))
    case .warning(let text, let hint):
      context.console.warn(redactor.redact(text))
      if let hint { context.console.hint(hint) }
    case .refused(let end):
      context.console.report(Self.error(of: end))
    case .progress(let text):
      if options.verbose { context.console.note(redactor.redact(text)) }
    case .slow(let text, let hint), .network(let text, let hint):
      context.console.note("\(options.name): \(redactor.redact(text))")
      if let hint { context.console.hint(redactor.redact(hint)) }
    case .refusal(let text, let hint):
      context.console.note(redactor.redact(text))
      if let hint { context.console.hint(redactor.redact(hint)) }
    }
  }

  private func finish(_ outcome: SessionOutcome) -> Int32 {
    let end = outcome.end
    switch end {
    case .notStarted, .programNotFound:
      // It was told at once.
      return end.exitStatus
    case .fault:
      // A part's own words may be in it.
      return failed(CommandError(.internalError, redactor.redact(end.summary)))
    case .exited, .killed:
      if !outcome.serverSpoke && !outcome.hitLimit { tellOfEarlyEnd(outcome) }
      return end.exitStatus
    case .hostClosed(let status):
      if let status, status != 0, !outcome.serverSpoke { tellOfEarlyEnd(outcome) }
      return end.exitStatus
    case .interrupted:
      return end.exitStatus
    }
  }

  private func tellOfEarlyEnd(_ outcome: SessionOutcome) {
    let early = EarlyEnd(outcome.end, outcome.lastWords, isVerbose: options.verbose)
    context.console.warn("the server ended before it answered: \(early.summary)")
    // The limit that it ran into has been told, with its field.
    if outcome.hitLimit { return }
    if let words = early.words { context.console.note("it said: \(redactor.redact(words))") }
    if let layer = early.layer { context.console.note("likely in the way: \(layer)") }
    context.console.hint(early.hint)
  }

  private static func error(of end: SessionEnd) -> CommandError {
    switch end {
    case .notStarted(let step, let subject, let errno):
      CommandError(step: step, subject: subject, errno: errno)
    case .programNotFound(let path):
      CommandError(
        .commandNotFound, "\(path) can't be executed inside the sandbox",
        hint: "see what is shown there with --dry-run, and add what is missing: --read-only PATH")
    case .exited, .killed, .hostClosed, .interrupted, .fault:
      CommandError(.internalError, end.summary)
    }
  }

  /// The relay has told the host already.
  private func failed(_ error: CommandError) -> Int32 {
    context.console.report(error)
    return error.exitCode.rawValue
  }
}
