import Credentials
import Kernel
import Manifest
import Profile
import Sandbox

/// A launch as far as it can be decided without touching any store: what is granted, what runs,
/// and who the server is.
struct PreparedLaunch {
  let profile: ResolvedProfile
  let command: ResolvedCommand
  let identity: Sandbox.Identity
  let secrets: [Secret]
  let environment: [ServerProgram.Variable]
  let paths: GrantSurvey.Outcome
  let lineage: Lineage
  let home: SandboxRequest.Home
  let plan: Plan
  let systemCalls: SystemCallChanges
  /// Nil where nothing of the network is granted.
  let egress: LaunchEgress?
  /// How this machine enforces the limits.
  let limits: LimitPlan
  /// What the command needs and only its owner may read.
  var unreadable: [String] { command.ownerOnly }
  /// Arguments that name what exists outside and is not granted.
  let ungranted: [UngrantedPath]
  /// Held while the server may run; nil where nothing is started.
  let presence: PresenceLock?
}

/// What is known before anything is started for a launch, and before its command is looked for.
struct LaunchOutset {
  let profile: ResolvedProfile
  let command: String
  let arguments: [String]
  /// This process, as it is told from a later one with its number.
  let supervisor: ProcessIdentity
  /// How this machine should be able to enforce the limits.
  let limits: LimitPlan
  /// Held while the server may run; nil where nothing is started.
  let presence: PresenceLock?
}
