import Glibc
public import Kernel

/// What a person can do about a step that the machine refused.
///
/// All of it is one table of step, errno and facts, so that each cure is written once and a test
/// can go through it. The first rule that fits counts.
public enum Hint {
  /// - Returns: nil where nothing is known that cures it.
  public static func of(
    step: String, subject: String, errno: Errno, on facts: @autoclosure () -> MachineFacts
  ) -> String? {
    let failure = Failure(step: step, subject: subject, errno: errno.code)
    let rules = table.filter { $0.mayFit(failure) }
    guard !rules.isEmpty else { return nil }
    let facts = facts()
    return rules.first { $0.applies(failure, facts) }?.cure(failure, facts)
  }

  struct Failure: Equatable, Sendable {
    let step: String
    let subject: String
    let errno: Int32

    func concerns(_ word: String) -> Bool { subject.contains(word) }
  }

  struct Rule: Sendable {
    /// Empty for any.
    let steps: [String]
    /// Empty for any.
    let errnos: [Int32]
    let applies: @Sendable (Failure, MachineFacts) -> Bool
    let cure: @Sendable (Failure, MachineFacts) -> String

    init(
      _ steps: [String], _ errnos: [Int32],
      where applies: @escaping @Sendable (Failure, MachineFacts) -> Bool = { _, _ in true },
      _ cure: @escaping @Sendable (Failure, MachineFacts) -> String
    ) {
      self.steps = steps
      self.errnos = errnos
      self.applies = applies
      self.cure = cure
    }

    func mayFit(_ failure: Failure) -> Bool {
      (errnos.isEmpty || errnos.contains(failure.errno))
        && (steps.isEmpty
          || steps.contains { $0.utf8.elementsEqual(failure.step.utf8) })
    }
  }

  static let table: [Rule] =
    processes + clone + identityMaps + start + mounts + setUp + server + resources + stores
}

/// Cures that more than one rule gives.
extension Hint {
  public static let callerInstead =
    "or let the server run with your own UID inside: --identity caller"

  /// For a limit that only a cgroup holds.
  public static func controlGroup(accepting weakness: String) -> String {
    "start it where a cgroup is yours: systemd-run --user --scope -p Delegate=yes cordon run …; "
      + "or accept that by name, in the profile or with --accept \(weakness)"
  }

  static func appArmor(_ facts: MachineFacts) -> String {
    "AppArmor keeps programs without a profile from using user namespaces; this gives Cordon one: "
      + "cordon doctor --apparmor-profile | sudo tee /etc/apparmor.d/cordon && "
      + "sudo apparmor_parser -r /etc/apparmor.d/cordon"
  }

  static func container(_ facts: MachineFacts) -> String {
    let engine = facts.container.map { "this container (\($0))" } ?? "what started this process"
    return "\(engine) filters system calls; start it with user namespaces and mounts allowed, as "
      + "with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
  }

  static func kernel(_ facts: MachineFacts) -> String {
    "Linux \(KernelRelease.oldestUsable) or later is needed, and this is \(facts.release)"
  }

  static func root(_ capabilities: [MachineFacts.Capability], _ facts: MachineFacts) -> String {
    let missing = capabilities.filter { !facts.has($0) }.map(\.name).joined(separator: " and ")
    return "root has no \(missing) here: give it to the container or the service "
      + "(--cap-add, CapabilityBoundingSet), or run Cordon as an ordinary user"
  }

  public static let noProcesses = "/proc is not mounted: mount -t proc proc /proc"
}
