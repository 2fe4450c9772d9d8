import CLinux
import Control
import Glibc
import Kernel
public import Sandbox

extension Trial {
  /// A whole launch of a program that does nothing, by the same parts and steps as any other, but
  /// with nobody to talk to and nothing written down.
  ///
  /// - Parameter plan: of a program that ends by itself.
  public static func launch(_ plan: Plan, as identity: Identity) -> Trial {
    of("launch-\(identity.kind.rawValue)") { () throws(SystemError) in try start(plan, identity) }
  }

  /// The relay, as far as it confines itself.
  public static func relay(as owner: Owner?, requiresLandlock: Bool) -> Trial {
    of("relay") { () throws(SystemError) in
      try confineRelay(as: owner, requiresLandlock: requiresLandlock)
    }
  }

  private static func start(_ plan: Plan, _ identity: Identity) throws(SystemError) {
    let pipes = try ServerPipes()
    if identity.mapper == .root {
      try pipes.give(to: identity.server.uid, identity.server.gid)
    }
    let stage = try PartLauncher().startStage(serverPipes: pipes.serverEnds)
    var holders: [Int32] = []
    let sent = Result { () throws(SystemError) in
      try IdentityMaps(startingFor: stage.pid, identity).finish()
      holders = try stage.send(plan, for: identity)
      try stage.confirm()
      try stage.letServerRun()
    }
    // A stage at its gate, or with half a plan, would wait for ever.
    if case .failure = sent { _ = stage.pidfd.withRaw { clinux_pidfd_signal($0, SIGKILL) } }
    let outcome = sent.flatMap { () -> Result<StageReport?, SystemError> in
      Result { () throws(SystemError) in try firstReport(from: stage.control) }
    }
    for holder in holders { _ = try ChildEnd(waitingFor: holder, "namespace") }
    _ = try ChildEnd(waitingFor: stage.pid, "stage")
    withExtendedLifetime(pipes) {}
    switch try outcome.get() {
    case .started: return
    case .failed(let step, let subject, let errno):
      throw SystemError(step: step, subject: subject, errno: Errno(errno))
    case .exited, .full, nil:
      throw SystemError(step: "stage", subject: "ended without a word", errno: Errno(0))
    }
  }

  /// Reads on until the stage has ended, so that it never waits for this process.
  private static func firstReport(
    from control: borrowing OwnedDescriptor
  ) throws(SystemError) -> StageReport? {
    let bytes = try Files.read(control, limit: 1 << 20, subject: "stage")
    var reader = FrameReader(limit: StageReport.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      return try reader.next().map { (frame) throws(FrameError) in try StageReport(frame) }
    } catch {
      throw SystemError(step: "stage", subject: "report: \(error)", errno: Errno(EPROTO))
    }
  }

  private static func confineRelay(
    as owner: Owner?, requiresLandlock: Bool
  ) throws(SystemError) {
    let server = try ServerPipes()
    let host = try ServerPipes()
    let relay = try PartLauncher().startRelay(
      as: owner, hostPipes: host.serverEnds, serverPipes: server.relayEnds)
    let configuration = RelayConfiguration(
      serverName: "doctor", mode: .refuse(message: "", waitMilliseconds: 0), messageSize: 1 << 16,
      notice: false, digestArguments: false, requiresLandlock: requiresLandlock, secrets: [])
    let sent = Result { () throws(SystemError) in
      try Files.write(
        RelayOrder.configure(configuration).frame(), to: relay.control, subject: "relay")
    }
    try relay.confirm()
    try sent.get()
    let bytes = try Files.read(relay.control, limit: 1 << 20, subject: "relay")
    _ = try ChildEnd(waitingFor: relay.pid, "relay")
    withExtendedLifetime(host) {}
    withExtendedLifetime(server) {}
    if case .failed(let step, let errno) = try report(in: bytes) {
      throw SystemError(step: "relay", subject: step, errno: Errno(errno))
    }
  }

  private static func report(in bytes: [UInt8]) throws(SystemError) -> RelayReport {
    var reader = FrameReader(limit: RelayReport.longestFrame)
    reader.feed(bytes)
    do throws(FrameError) {
      guard let frame = try reader.next() else { throw .truncated }
      return try RelayReport(frame)
    } catch {
      throw SystemError(step: "relay", subject: "report: \(error)", errno: Errno(EPROTO))
    }
  }
}
