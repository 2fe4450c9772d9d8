public import Control
public import Kernel
public import Sandbox

/// A launch that is decided: everything the supervisor needs to start the parts and keep them.
public struct Launch: Sendable {
  public var server: String
  public var plan: Plan
  public var identity: Identity
  public var relay: RelayConfiguration
  /// Names or paths, for the audit log.
  public var profiles: [String]
  /// Weaknesses that were accepted by name.
  public var accepted: [String]
  /// Tell each step on standard error.
  public var isVerbose: Bool

  public init(
    server: String, plan: Plan, identity: Identity, relay: RelayConfiguration,
    profiles: [String], accepted: [String], isVerbose: Bool
  ) {
    self.server = server
    self.plan = plan
    self.identity = identity
    self.relay = relay
    self.profiles = profiles
    self.accepted = accepted
    self.isVerbose = isVerbose
  }
}

/// Something to tell the person at standard error.
public enum SessionNotice: Equatable, Sendable {
  case error(String, hint: String?)
  case warning(String, hint: String?)
  /// Only where the launch is verbose.
  case progress(String)
}

/// How a session ended.
public enum SessionEnd: Equatable, Sendable {
  /// A step of the launch failed; nothing of the server ran.
  case notStarted(step: String, subject: String, errno: Errno)
  /// The program is not there inside.
  case programNotFound(String)
  case exited(status: Int32)
  case killed(signal: Int32)
  /// The host closed its end; the server's own status where it ended by itself.
  case hostClosed(serverStatus: Int32?)
  /// The supervisor itself was told to end.
  case interrupted(signal: Int32)
  /// The relay ended before its time.
  case relayEnded(String)

  /// The status of the contract: the server's own, 128 and the number for a signal, 0 after a
  /// teardown that the host began, 69 for a sandbox that cannot be had, 70 for a fault of ours.
  public var exitStatus: Int32 {
    switch self {
    case .notStarted: 69
    case .programNotFound: 127
    case .exited(let status): status
    case .killed(let signal), .interrupted(let signal): 128 + signal
    case .hostClosed: 0
    case .relayEnded: 70
    }
  }
}
