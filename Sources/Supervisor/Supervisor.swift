public import Audit
import Control
import CLinux
import Confinement
public import Credentials
import Glibc
import JSON
public import Kernel
public import Manifest
import Sandbox

/// The trusted half of a running server.
public enum Supervisor {
  /// Starts the server and stays until it has ended.
  ///
  /// - Parameters:
  ///   - beginning: the stage, which has been started for this launch.
  ///   - policy: which changes of definitions pass without a person.
  ///   - redactor: takes the server's secrets out of text.
  /// - Returns: how it ended; the caller turns that into an exit status.
  /// - Throws: where stage or relay could not be started. Nothing is left running then: what had
  ///   started ends with this process, at the latest.
  public static func run(
    _ beginning: Beginning, _ launch: Launch, store: ApprovalStore, firstUse: FirstUse,
    policy: ChangePolicy = ChangePolicy(), redactor: Redactor, log: consuming AuditLog,
    tell: @escaping (SessionNotice) -> Void
  ) throws(LaunchFailure) -> SessionOutcome {
    // Until it is over another launch finds in it what to remove.
    defer { beginning.end() }
    let notices = Notices(tell)
    let tell = notices.tell
    let pins: PinKeeper
    do throws(SystemError) {
      pins = try PinKeeper(
        store: store, firstUse: firstUse, policy: policy, redactor: redactor, log: log,
        tell: tell)
    } catch {
      throw .stores(error)
    }
    do throws(AuditError) {
      try pins.append(AuditEvent.launch(launch))
    } catch {
      throw .audit(error)
    }
    let session: Session
    do throws(SystemError) {
      session = try Session(
        beginning, launch, pins: pins,
        keeping: [PathRule(store.directory, SupervisorConfinement.store)] + beginning.paths,
        tell: tell
      ) { beginning.sweep() }
    } catch {
      throw .sandbox(error)
    }
    let outcome = session.outcome(session.run())
    var exit = AuditEvent("exit", [("reason", .string(outcome.end.summary))])
    if let words = outcome.lastWords { exit.add("symptom", .string(words.symptom.name)) }
    pins.record(exit)
    return outcome
  }

  /// Tells the host that nothing was started: its first request is answered with the message.
  ///
  /// - Parameter waitMilliseconds: how long to wait for that request.
  public static func refuse(
    server: String, message: String, waitMilliseconds: Int
  ) throws(SystemError) {
    // A launch that failed may have left one pending: ignoring it takes it back.
    signal(SIGPIPE, SIG_IGN)
    try check("signals", "dispositions") { clinux_reset_signals() }
    try check("signals", "block") { unsafe clinux_block_signals([SIGPIPE, SIGXFSZ], 2) }
    let pipes = try ServerPipes()
    let relay = try PartLauncher().startRelay(
      as: Identity.relayWithoutServer(callerUID: geteuid()), serverPipes: pipes.relayEnds)
    let configuration = RelayConfiguration(
      serverName: server,
      mode: .refuse(message: message, waitMilliseconds: waitMilliseconds),
      messageSize: 16 << 20, notice: false, digestArguments: false,
      // Nothing of a server is there, and what the machine lacks may be why.
      requiresLandlock: false, secrets: [])
    try Files.write(
      RelayOrder.configure(configuration).frame(), to: relay.control, subject: "relay")
    try relay.confirm()
    _ = try ChildEnd(waitingFor: relay.pid, "relay")
  }
}

/// Why a session could not be had.
public enum LaunchFailure: Error, Equatable, Sendable {
  /// The registry of sessions or the approvals' directory.
  case stores(SystemError)
  /// What is not written down is not started.
  case audit(AuditError)
  case sandbox(SystemError)
}

extension AuditEvent {
  fileprivate static func launch(_ launch: Launch) -> AuditEvent {
    var event = AuditEvent(
      "launch",
      [
        ("identity", .string(launch.identity.kind.rawValue)),
        ("uid", .integer(Int64(launch.identity.server.uid))),
        ("executable", .string(launch.plan.program.executable)),
        ("profiles", .list(launch.profiles.map { .init($0) })),
        ("accepted", .list(launch.accepted.map { .init($0) })),
        ("systemCalls", .string(launch.systemCalls.base)),
        ("allowedCalls", .list(launch.systemCalls.widened.map { .init($0) })),
        ("deniedCalls", .list(launch.systemCalls.denied.map { .init($0) })),
        ("weaknesses", .list(launch.weaknesses.map { .init($0) })),
        ("limits", .list(launch.limits.summary.map { .init($0) })),
        ("networkAllow", .list((launch.egress?.rules ?? []).map { .init($0.record) })),
        ("networkDeny", .list((launch.egress?.denials ?? []).map { .init($0.text) })),
      ])
    // Beside `cordon review`, which is always there.
    if launch.relay.questionSeconds != nil { event.add("elicitation", .boolean(true)) }
    if let asker = launch.asker { event.add("program", .string(.init(asker.path))) }
    return event
  }
}
