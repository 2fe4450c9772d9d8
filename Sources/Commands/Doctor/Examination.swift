import Confinement
import Glibc
import Kernel
import Profile
import Sandbox
import Supervisor

/// Goes through everything that a launch needs, in the order in which it needs it.
struct Examination {
  private let context: CommandContext
  private let places: Places
  private let facts = MachineFacts.here

  init(_ context: CommandContext) throws(CommandError) {
    self.context = context
    places = try context.places()
  }

  func rows() -> [DoctorRow] {
    var rows = [kernel(), processes(), stateDirectory()]
    guard facts.hasProcesses else { return rows }
    rows += restrictions()
    let namespaces = Trial.namespaces().map { row($0) }
    rows += namespaces
    if namespaces.allSatisfy({ $0.verdict == .ok }) { rows += layers() }
    rows.append(landlock())
    rows += facts.isRoot ? root() : helpers()
    rows.append(relay())
    return rows + launches()
  }

  // MARK: Rows

  private func kernel() -> DoctorRow {
    let isUsable = facts.release >= .oldestUsable
    return DoctorRow(
      "kernel", isUsable ? .ok : .missing, "Linux \(facts.release)",
      hint: isUsable ? nil : "Linux \(KernelRelease.oldestUsable) or later is needed")
  }

  private func processes() -> DoctorRow {
    facts.hasProcesses
      ? DoctorRow("proc-mounted", .ok, "/proc")
      : DoctorRow("proc-mounted", .missing, "/proc is not mounted", hint: Hint.noProcesses)
  }

  /// What is known to stand in the way, whatever the trials say.
  private func restrictions() -> [DoctorRow] {
    var rows: [DoctorRow] = []
    if let container = facts.container {
      rows.append(DoctorRow("container", .ok, "this looks like one of \(container)"))
    }
    if facts.hasNoNewPrivileges {
      rows.append(
        DoctorRow(
          "new-privileges", facts.isRoot ? .ok : .absent,
          "no_new_privs is set, so that set-UID programs gain nothing",
          hint: facts.isRoot
            ? nil : "start Cordon without it (NoNewPrivileges=yes), or use --identity caller"))
    }
    if facts.isRestrictedByAppArmor {
      rows.append(
        DoctorRow(
          "apparmor", .ok,
          "programs without a profile may not use user namespaces: the rows below tell whether "
            + "Cordon may"))
    }
    return rows
  }

  private func layers() -> [DoctorRow] {
    do throws(SystemError) {
      // A launch without grants of the network needs none of these, and one with grants not all.
      return try Trial.layers().map {
        row($0, otherwise: $0.layer.utf8.starts(with: "egress".utf8) ? .absent : .missing)
      }
    } catch {
      return [row(Trial("layers", error))]
    }
  }

  private func landlock() -> DoctorRow {
    guard let landlock = Landlock.ofThisKernel(), landlock.version >= Landlock.usableForPrograms
    else {
      return DoctorRow(
        "landlock", .missing, "the kernel has none that a server can run under",
        hint: "Linux 5.19 or later with CONFIG_SECURITY_LANDLOCK and landlock among lsm=; "
          + "--accept \(Weakness.noLandlock.name) goes on without")
    }
    return DoctorRow("landlock", .ok, "version \(landlock.version)")
  }

  private func root() -> [DoctorRow] {
    let missing = facts.missingCapabilities
    var rows = [
      missing.isEmpty
        ? DoctorRow("root-capabilities", .ok, "all that a launch needs")
        : DoctorRow(
          "root-capabilities", .missing, "without \(missing.joined(separator: ", "))",
          hint: "give them to the container or the service, or run Cordon as an ordinary user")
    ]
    // Only a writable grant needs it, and what it lies on is the user's choice.
    let trial = Trial.idMappedMount(of: existingState())
    rows.append(
      trial.failure.map { failure in
        DoctorRow(
          trial.layer, .absent, "\(failure): needed for --read-write on this file system",
          hint: hint(failure))
      } ?? DoctorRow(trial.layer, .ok, "on the file system of \(existingState())"))
    return rows
  }

  /// Of an ordinary user, for an identity of the server's own.
  private func helpers() -> [DoctorRow] {
    do throws(IdentityError) {
      let count = try Sandbox.Identity.subordinateCount(account: places.account)
      return [
        facts.areHelpersPrivileged
          ? DoctorRow("subordinate-ids", .ok, "\(count) of this user's own")
          : DoctorRow(
            "subordinate-ids", .missing, "newuidmap and newgidmap are not set-UID root",
            hint: "sudo apt-get install --reinstall uidmap, \(Hint.callerInstead)")
      ]
    } catch {
      let failure = CommandError(identityFailure: error)
      return [DoctorRow("subordinate-ids", .missing, failure.message, hint: failure.hint)]
    }
  }

  private func relay() -> DoctorRow {
    let owner = Sandbox.Identity.relayWithoutServer(callerUID: geteuid())
    return row(Trial.relay(as: owner, requiresLandlock: false))
  }

  private func launches() -> [DoctorRow] {
    [RunOptions.Identity.separate, .caller].flatMap { (identity) -> [DoctorRow] in
      // The default profile has an identity of the server's own.
      let verdict: DoctorRow.Verdict = identity == .separate ? .missing : .absent
      do throws(CommandError) {
        let launch = try LaunchPreparer.trial(identity, context, places)
        let tried = row(Trial.launch(launch.plan, as: launch.identity), otherwise: verdict)
        return identity == .separate ? [limits(launch.limits), tried] : [tried]
      } catch {
        return [
          DoctorRow("launch-\(identity.rawValue)", verdict, error.message, hint: error.hint)
        ]
      }
    }
  }

  /// The default profile's limits are nobody's wish: a launch goes on without a cgroup, and says so.
  private func limits(_ plan: LimitPlan) -> DoctorRow {
    let summary = plan.summary.joined(separator: "; ")
    if let shortfall = plan.shortfalls.first {
      let weakness = shortfall.limit.weakness ?? .noMemoryLimit
      return DoctorRow(
        "limits", .absent, shortfall.text, hint: LimitPolicy.hint(accepting: weakness))
    }
    guard let groups = plan.groups else { return DoctorRow("limits", .ok, summary) }
    // Where the supervisor itself has to move a trial would leave it there.
    let moves = groups.steps.contains { if case .moveSupervisor = $0 { true } else { false } }
    guard !moves else { return DoctorRow("limits", .ok, "\(summary) (not tried)") }
    do throws(SystemError) {
      try ControlGroups(carryingOut: groups).remove()
      return DoctorRow("limits", .ok, summary)
    } catch {
      return DoctorRow("limits", .absent, "\(error)", hint: hint(error))
    }
  }

  // MARK: Places

  private func stateDirectory() -> DoctorRow {
    let id = "state-directory"
    do throws(SystemError) {
      let path = existingState()
      if Path.same(path, places.state) {
        // Written and gone: a full disk or one mounted read-only shows itself.
        let file = "\(path)/.doctor-\(getpid())"
        try Files.replace(file, with: Array(repeating: 0, count: 8192), mode: 0o600)
        try Files.remove(file)
      } else {
        try check("open", path) { unsafe access(path, W_OK | X_OK) }
      }
      return DoctorRow(id, .ok, places.state)
    } catch {
      return DoctorRow(id, .missing, "\(error)", hint: hint(error))
    }
  }

  /// The state directory, or what is above it where it is yet to be made.
  private func existingState() -> String {
    var path = places.state
    while path.utf8.count > 1, !Files.exists(path) { path = Files.parent(of: path) }
    return path
  }

  // MARK: Words

  private func row(
    _ trial: Trial, otherwise: DoctorRow.Verdict = .missing
  ) -> DoctorRow {
    guard let failure = trial.failure else { return DoctorRow(trial.layer, .ok, "tried") }
    let reason = failure.errno.code == 0 ? "" : ": \(failure.errno)"
    return DoctorRow(
      trial.layer, otherwise, "\(failure.step): \(failure.subject)\(reason)", hint: hint(failure))
  }

  private func hint(_ failure: SystemError) -> String? {
    Hint.of(step: failure.step, subject: failure.subject, errno: failure.errno, on: facts)
  }
}

extension LaunchPreparer {
  /// A launch with the default profile, of a program that does nothing, under a name that nobody
  /// has, with no home that stays.
  static func trial(
    _ identity: RunOptions.Identity, _ context: CommandContext, _ places: Places
  ) throws(CommandError) -> PreparedLaunch {
    let program = ["/usr/bin/true", "/bin/true"].first(where: Files.exists)
    let command = program.map { [$0] } ?? ["/bin/sh", "-c", ":"]
    var arguments = ParsedArguments()
    arguments.options = [
      .init(name: "name", value: "doctor-\(getpid())"),
      .init(name: "identity", value: identity.rawValue), .init(name: "dry-run", value: nil),
    ]
    // A kernel without it has a row of its own.
    if Landlock.ofThisKernel() == nil {
      arguments.options.append(.init(name: "accept", value: Weakness.noLandlock.name))
    }
    arguments.trailing = command
    var preparer = LaunchPreparer(
      options: try RunOptions(arguments), context: context, places: places)
    preparer.hasTemporaryHome = true
    let outset = try preparer.outset()
    return try preparer.prepare(outset, limits: outset.limits) { _ in }
  }
}
