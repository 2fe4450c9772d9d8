import Kernel
import Profile
import Sandbox

/// The cgroups of a launch, and those that nobody needs any more.
extension Supervisor {
  /// The cgroups that the plan names. Without one that the launch can do without it goes on, and
  /// says so.
  static func makeGroups(
    for launch: inout Launch, _ tell: (SessionNotice) -> Void
  ) throws(LaunchFailure) -> ControlGroups? {
    guard let plan = launch.limits.groups else { return nil }
    do throws(SystemError) {
      return try ControlGroups(carryingOut: plan)
    } catch {
      let lost = launch.limits.loseGroups(to: error)
      guard lost.allSatisfy({ launch.tolerated.contains($0.limit) }) else { throw .sandbox(error) }
      if let bytes = launch.limits.dataOfEachProcess {
        launch.plan.bound(dataOfEachProcess: bytes)
      }
      for shortfall in lost {
        guard let weakness = shortfall.limit.weakness else { continue }
        launch.weaknesses.append(weakness.name)
        tell(.warning(shortfall.text, hint: nil))
      }
      return nil
    }
  }

  /// What supervisors left that were killed.
  static func sweep(_ sessions: Sessions, _ limits: LimitPlan) {
    sessions.sweep()
    if let groups = limits.groups { ControlGroupSweep.sweep(beside: groups) }
  }
}
