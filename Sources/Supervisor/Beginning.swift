import CLinux
import Confinement
import Glibc
public import Kernel
public import Sandbox

/// What of a session there is before it is decided what runs in it: its entry among the running
/// sessions, its cgroups, and the stage, which makes its namespaces and executes this program again
/// while the launch is prepared beside it.
///
/// The stage has nothing of the server's but the ends of its pipes, and does nothing before its plan
/// has come; what it builds then stays empty until the session lets the server run. Where no session
/// follows, all of this ends with this object.
public final class Beginning {
  /// The stage, which waits for its plan, and what the relay needs to be started.
  struct Parts: ~Copyable {
    let launcher: PartLauncher
    let pipes: ServerPipes
    let stage: StartedPart
    /// The supervisor's end of the witness's socket, where the launch is verbose.
    let witness: OwnedDescriptor?
    /// The egress process's end of its socket to the stage, where the server may connect to anything.
    let egress: OwnedDescriptor?

    init(
      _ makeLauncher: () throws(SystemError) -> PartLauncher, in groups: ControlGroups?,
      isVerbose: Bool, hasEgress: Bool
    ) throws(SystemError) {
      // A host may leave SIGCHLD ignored, and then no child can be waited for.
      try check("signals", "dispositions") { clinux_reset_signals() }
      let launcher = try makeLauncher()
      let pipes = try ServerPipes()
      let toWitness = isVerbose ? try StageSocket() : nil
      let toEgress = hasEgress ? try StageSocket() : nil
      stage = try launcher.startStage(
        serverPipes: pipes.serverEnds, witness: toWitness?.theirs, egress: toEgress?.theirs,
        groups: groups)
      witness = toWitness?.takeOurs()
      egress = toEgress?.takeOurs()
      self.launcher = launcher
      self.pipes = pipes
    }
  }

  /// A socket whose other end becomes the stage's: open here until both ends are where they belong.
  private final class StageSocket {
    private var ours: OwnedDescriptor?
    private let lent: OwnedDescriptor

    init() throws(SystemError) {
      let pair = try SocketPair()
      ours = consume pair.ours
      lent = consume pair.theirs
    }

    var theirs: Int32 { lent.withRaw { $0 } }

    func takeOurs() -> OwnedDescriptor? { ours.take() }
  }

  /// The stage builds the sandbox, the relay starts: for the session to take over.
  struct Building: ~Copyable {
    let stage: StartedPart
    let relay: StartedPart
    let witness: OwnedDescriptor?
    /// What will carry the server's connections, where it may have any.
    let egress: StartedPart?
    /// Processes that have done their part, to be reaped.
    let holders: [Int32]
  }

  /// As they can be had here.
  public let limits: LimitPlan
  let groups: ControlGroups?
  private let sessions: Sessions
  private let entry: Sessions.Entry
  private var parts: Parts?
  private var maps: IdentityMaps?
  private var building: Building?
  private var failure = SystemError(step: "start", subject: "stage", errno: Errno(0))
  private var hasEnded = false

  /// A stage that can't be started is a failure once a session is wanted, and not before: what is
  /// wrong with the launch itself is told first. Cgroups that can't be made are missing in `limits`.
  ///
  /// - Parameters:
  ///   - supervisor: this process.
  ///   - limits: what a machine like this should be able to enforce.
  ///   - stateDirectory: where running sessions are registered; it exists.
  ///   - isVerbose: a witness may have something to tell.
  ///   - hasEgress: the server may connect to something.
  ///   - launcher: starts this very program as stage and relay, or another in its place.
  /// - Throws: where the session can't be entered.
  public init(
    server: String, supervisor: ProcessIdentity, limits: LimitPlan, stateDirectory: String,
    isVerbose: Bool, hasEgress: Bool = false,
    launcher: () throws(SystemError) -> PartLauncher = { () throws(SystemError) in
      try PartLauncher()
    }
  ) throws(SystemError) {
    sessions = Sessions(stateDirectory: stateDirectory)
    let host = isatty(0) == 1 ? nil : try ProcessIdentity.parent()
    entry = try sessions.enter(
      server: server, as: supervisor, host: host, groups: limits.groups?.directories ?? [])
    var limits = limits
    groups = Self.makeGroups(for: &limits)
    self.limits = limits
    do throws(SystemError) {
      parts = try Parts(launcher, in: groups, isVerbose: isVerbose, hasEgress: hasEgress)
    } catch {
      failure = error
    }
  }

  deinit { end() }

  private static func makeGroups(for limits: inout LimitPlan) -> ControlGroups? {
    guard let plan = limits.groups else { return nil }
    do throws(SystemError) {
      return try ControlGroups(carryingOut: plan)
    } catch {
      limits.loseGroups(to: error)
      return nil
    }
  }

  /// Starts to write the maps of the stage's user namespace, as soon as it is known which: helpers
  /// that write them take longer than everything else that there is to prepare.
  public func startMaps(of identity: Identity) throws(SystemError) {
    switch parts {
    case .some(let parts): maps = try IdentityMaps(startingFor: parts.stage.pid, identity)
    case .none: throw failure
    }
  }

  /// Lets the stage build the sandbox, and the relay start.
  public func build(_ plan: Plan, for identity: Identity) throws(SystemError) {
    guard let parts = parts.take(), let maps else { throw failure }
    if identity.mapper == .root {
      try parts.pipes.give(to: identity.server.uid, identity.server.gid)
    }
    try maps.finish()
    let holders = try parts.stage.send(plan, for: identity)
    let relay = try parts.launcher.startRelay(
      as: identity.relay, serverPipes: parts.pipes.relayEnds)
    let egress = try Self.startEgress(parts, as: identity.egress)
    building = Building(
      stage: parts.stage, relay: relay, witness: parts.witness, egress: egress, holders: holders)
  }

  private static func startEgress(
    _ parts: borrowing Parts, as owner: Owner?
  ) throws(SystemError) -> StartedPart? {
    switch parts.egress {
    case .some(let socket):
      return try parts.launcher.startEgress(as: owner, stage: socket.withRaw { $0 })
    case .none: return nil
    }
  }

  func take() throws(SystemError) -> Building {
    guard let building = building.take() else { throw failure }
    return building
  }

  /// What the supervisor keeps within reach: where sessions are entered, and its cgroups.
  var paths: [PathRule] {
    [PathRule(sessions.directory, SupervisorConfinement.leftover)]
      + SupervisorConfinement.paths(of: groups)
  }

  /// What supervisors left that were killed. Where none was, little is looked at.
  func sweep() {
    guard sessions.hasLeftovers else { return }
    sessions.sweep()
    if let groups = limits.groups { ControlGroupSweep.sweep(beside: groups) }
  }

  /// Ends what no session has taken over, and takes back the rest.
  func end() {
    guard !hasEnded else { return }
    hasEnded = true
    if let parts = parts.take() { Self.kill(parts.stage) }
    if let building = building.take() {
      Self.kill(building.stage)
      Self.kill(building.relay)
      switch building.egress {
      case .some(let egress): Self.kill(egress)
      case .none: break
      }
    }
    // Until here another launch would find in it what to remove; groups that could not be removed
    // yet are left to it.
    if groups?.remove() ?? true { sessions.leave() }
    withExtendedLifetime(entry) {}
  }

  private static func kill(_ part: borrowing StartedPart) {
    _ = part.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) }
    var status: Int32 = 0
    var signalled: Int32 = 0
    unsafe _ = clinux_wait(part.pid, &status, &signalled, 0)
  }
}
