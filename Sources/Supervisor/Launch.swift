public import Control
public import Sandbox

/// A launch that is decided: everything the supervisor needs to start the parts and keep them.
public struct Launch: Sendable {
  public var server: String
  public var plan: Plan
  public var identity: Identity
  public var relay: RelayConfiguration
  /// What the server may connect to; nil for nothing.
  public var egress: EgressConfiguration?
  /// Names or paths, for the audit log.
  public var profiles: [String]
  /// Weaknesses that were accepted by name.
  public var accepted: [String]
  public var systemCalls: SystemCalls
  /// Weaknesses that this machine has, be they accepted or of Cordon's own defaults.
  public var weaknesses: [String]
  /// How the limits are enforced here.
  public var limits: LimitPlan
  /// Tell each step on standard error.
  public var isVerbose: Bool
  /// The caller's home directory, free of links, to tell which of its files a server looked for.
  public var callerHome: String?
  /// Keeps placeholders in writable grants; nil where there are none.
  public var sweeper: Sweeper?
  /// Starts the program that asks the user; nil where the profile names none.
  public var asker: Asker?

  /// The server's filter, for the audit log.
  public struct SystemCalls: Sendable {
    let base: String
    /// Each call that the profile allows beyond the base, with what that opens.
    let widened: [String]
    let denied: [String]

    public init(base: String, widened: [String], denied: [String]) {
      self.base = base
      self.widened = widened
      self.denied = denied
    }
  }

  public init(
    server: String, plan: Plan, identity: Identity, relay: RelayConfiguration,
    egress: EgressConfiguration? = nil,
    profiles: [String], accepted: [String], systemCalls: SystemCalls,
    weaknesses: [String], limits: LimitPlan, isVerbose: Bool, callerHome: String? = nil,
    sweeper: Sweeper? = nil, asker: Asker? = nil
  ) {
    self.server = server
    self.plan = plan
    self.identity = identity
    self.relay = relay
    self.egress = egress
    self.profiles = profiles
    self.accepted = accepted
    self.systemCalls = systemCalls
    self.weaknesses = weaknesses
    self.limits = limits
    self.isVerbose = isVerbose
    self.callerHome = callerHome
    self.sweeper = sweeper
    self.asker = asker
  }
}

/// Something to tell the person at standard error.
public enum SessionNotice: Equatable, Sendable {
  case error(String, hint: String?)
  case warning(String, hint: String?)
  /// Nothing was started, and this is why.
  case refused(SessionEnd)
  /// The server does not answer, and what it does meanwhile.
  case slow(String, hint: String?)
  /// Only where the launch is verbose.
  case progress(String)
  /// What the server was refused; only where the launch is verbose.
  case refusal(String, hint: String?)
  /// A connection that was not let out, or led nowhere.
  case network(String, hint: String?)
}
