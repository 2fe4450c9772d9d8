import Kernel
import Supervisor

/// A process that is the host of a running session, and the server that it talks to.
public struct RunningHost: Sendable, Equatable {
  public let process: Int32
  public let server: String

  public init(process: Int32, server: String) {
    self.process = process
    self.server = server
  }
}

/// The host of a running session that this process descends from, nil where there is none.
public typealias HostAncestor = () throws(CommandError) -> RunningHost?

/// Asks the registry of running sessions.
func liveHostAncestor(in places: Places) throws(CommandError) -> RunningHost? {
  do throws(SystemError) {
    let sessions = Sessions(stateDirectory: places.state)
    return try sessions.sessionHostedByAncestor().flatMap { session in
      session.host.map { RunningHost(process: $0.pid, server: session.server) }
    }
  } catch {
    throw CommandError(.storeFailure, "the running sessions can't be read: \(error)")
  }
}

/// Decisions are a person's: the host's own agent, with a shell, must not approve for itself.
///
/// Friction, not a boundary: whoever has the user's whole account can get around it.
enum DecisionGuard {
  static func check(_ context: CommandContext) throws(CommandError) {
    guard let host = try context.hostAncestor() else { return }
    throw CommandError(
      .refused,
      "this command was started below process \(host.process), the program that uses the running "
        + "server '\(host.server)': it, or an agent in it, must not approve for itself",
      hint: "open a terminal of your own, outside that program, and run the same command there")
  }
}
