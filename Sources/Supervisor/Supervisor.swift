public import Audit
import Control
import CLinux
public import Credentials
import Glibc
import JSON
public import Kernel
public import Manifest
import Sandbox

/// The trusted half of a running server.
public enum Supervisor {
  /// Where a session keeps what outlives it.
  public struct Places: Sendable {
    public let state: String
    public let approvals: String
    public let audit: String

    public init(state: String, approvals: String, audit: String) {
      self.state = state
      self.approvals = approvals
      self.audit = audit
    }
  }

  /// Starts the server and stays until it has ended.
  ///
  /// - Parameter redactor: takes the server's secrets out of text.
  /// - Returns: how it ended; the caller turns that into an exit status.
  /// - Throws: where stage or relay could not be started. Nothing is left running then: what had
  ///   started ends with this process, at the latest.
  public static func run(
    _ launch: Launch, places: Places, store: ApprovalStore, firstUse: FirstUse,
    redactor: Redactor, log: consuming AuditLog, tell: @escaping (SessionNotice) -> Void
  ) throws(SystemError) -> (end: SessionEnd, spoke: Bool) {
    let sessions = Sessions(stateDirectory: places.state)
    let host = isatty(0) == 1 ? nil : try ProcessIdentity(pid: getppid())
    try sessions.enter(server: launch.server, host: host)
    defer { sessions.leave() }
    let pins = try PinKeeper(
      store: store, firstUse: firstUse, redactor: redactor, log: log, tell: tell)
    pins.record(AuditEvent.launch(launch))
    let session = try Session(launch, pins: pins, tell: tell)
    let end = try session.run()
    pins.record(AuditEvent("exit", [("reason", .string(end.summary))]))
    return (end, session.serverSpoke)
  }

  /// Tells the host that nothing was started: its first request is answered with the message.
  ///
  /// - Parameter waitMilliseconds: how long to wait for that request.
  public static func refuse(
    server: String, message: String, waitMilliseconds: Int
  ) throws(SystemError) {
    try check("signals", "block") { unsafe clinux_block_signals([SIGPIPE], 1) }
    let pipes = try ServerPipes()
    let relay = try PartLauncher().startRelay(
      as: Identity.relayWithoutServer(callerUID: geteuid()), serverPipes: pipes.relayEnds)
    let configuration = RelayConfiguration(
      serverName: server,
      mode: .refuse(message: message, waitMilliseconds: waitMilliseconds),
      messageSize: 16 << 20, notice: false, digestArguments: false, secrets: [])
    try Files.write(
      RelayOrder.configure(configuration).frame(), to: relay.control, subject: "relay")
    try relay.confirm()
    var status: Int32 = 0
    var signalled: Int32 = 0
    let pid = relay.pid
    try check("wait", "relay") { unsafe clinux_wait(pid, &status, &signalled, 0) }
  }
}

extension AuditEvent {
  fileprivate static func launch(_ launch: Launch) -> AuditEvent {
    AuditEvent(
      "launch",
      [
        ("identity", .string(launch.identity.kind.rawValue)),
        ("uid", .integer(Int64(launch.identity.server.uid))),
        ("executable", .string(launch.plan.program.executable)),
        ("profiles", .list(launch.profiles.map { .init($0) })),
        ("accepted", .list(launch.accepted.map { .init($0) })),
      ])
  }
}
