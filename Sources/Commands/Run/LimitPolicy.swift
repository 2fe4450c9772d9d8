import Kernel
import Profile
import Sandbox

/// What is done about a limit that this machine cannot enforce.
///
/// A limit that somebody named is enforced, or its absence is accepted by name, or nothing is
/// started. Of Cordon's own defaults nobody has asked for this very value: where no cgroup can be
/// had the launch goes on, and says each time what it goes without.
struct LimitPolicy {
  let profile: ResolvedProfile

  /// - Throws: the first limit whose absence stops the launch.
  func check(_ shortfall: LimitPlan.Shortfall) throws(CommandError) -> Weakness? {
    guard let weakness = shortfall.limit.weakness else { return nil }
    guard tolerates(shortfall.limit) else {
      throw CommandError(
        .unavailable,
        "limits.\(shortfall.limit.rawValue): nothing here enforces \(value(of: shortfall.limit)): "
          + "\(shortfall.reason.subject): \(shortfall.reason.errno)",
        hint: Self.hint(accepting: weakness))
    }
    return weakness
  }

  func accepts(_ limit: LimitKind) -> Bool {
    limit.weakness.map(profile.accepts) ?? true
  }

  private func tolerates(_ limit: LimitKind) -> Bool { accepts(limit) || !isNamed(limit) }

  private func isNamed(_ limit: LimitKind) -> Bool {
    switch limit {
    // What may be swapped is beyond a memory that is bounded.
    case .memory: !profile.limits.memory.origin.isCordons || isNamed(.swap)
    case .swap: profile.limits.swap.map { !$0.origin.isCordons } ?? false
    case .processors: profile.limits.cpus.map { !$0.origin.isCordons } ?? false
    // setrlimit holds it everywhere.
    case .processes: false
    }
  }

  private func value(of limit: LimitKind) -> String {
    let limits = profile.limits
    return switch limit {
    case .memory: limits.memory.value.description
    case .swap: limits.swap?.value.description ?? "none"
    case .processors: limits.cpus?.value.description ?? "no limit"
    case .processes: limits.processes.value.description
    }
  }

  static func hint(accepting weakness: Weakness) -> String {
    Hint.controlGroup(accepting: weakness.name)
  }
}

extension LimitRequest {
  init(_ limits: ResolvedProfile.Limits) {
    self.init(
      memory: UInt64(limits.memory.value.bytes), swap: UInt64(limits.swap?.value.bytes ?? 0),
      processes: UInt64(limits.processes.value.count),
      processors: limits.cpus.map { UInt64($0.value.hundredths) })
  }
}
