public import Kernel
import Profile

/// How the limits of a launch are enforced on this machine, decided before anything is made.
public struct LimitPlan: Equatable, Sendable {
  /// A limit that nothing enforces here for all processes together, and why.
  public struct Shortfall: Equatable, Sendable {
    public let limit: LimitKind
    public let reason: SystemError

    public init(limit: LimitKind, reason: SystemError) {
      self.limit = limit
      self.reason = reason
    }
  }

  public let request: LimitRequest
  /// Nil where no cgroup can be had.
  public private(set) var groups: ControlGroupPlan?
  public private(set) var shortfalls: [Shortfall]

  public init(request: LimitRequest, groups: ControlGroupPlan?, shortfalls: [Shortfall]) {
    self.request = request
    self.groups = groups
    self.shortfalls = shortfalls
  }

  /// Looks at the machine; nothing is made.
  ///
  /// - Parameter supervisor: this process, whose death leaves the groups to whoever comes next.
  public static func make(
    for request: LimitRequest, server: String, supervisor: ProcessIdentity
  ) -> LimitPlan {
    do throws(SystemError) {
      let name = ControlGroupName(server: server, supervisor: supervisor)
      return ControlGroupFinder(request: request, tree: try .machine(), name: name).find()
    } catch {
      return LimitPlan(request: request, groups: nil, shortfalls: request.wanted(lackedBy: error))
    }
  }

  /// What each single process may take for itself, where no cgroup bounds them all: the measure
  /// against a server that only leaks. Nil where one does.
  public var dataOfEachProcess: UInt64? {
    shortfalls.contains { $0.limit == .memory } ? request.memory : nil
  }

  /// The groups could not be made after all.
  public mutating func loseGroups(to error: SystemError) {
    let enforced = groups?.limits ?? []
    groups = nil
    shortfalls += request.wanted(lackedBy: error).filter { enforced.contains($0.limit) }
  }

  /// Each limit in words, and what enforces it.
  public var summary: [String] {
    var lines = ["memory \(Self.size(request.memory)): \(enforcer(of: .memory, else: "data"))"]
    if request.swap > 0 { lines.append("swap \(Self.size(request.swap))") }
    lines.append("processes \(request.processes): \(enforcer(of: .processes, else: "nproc"))")
    if let processors = request.processors {
      let share = ProcessorShare(hundredths: Int(clamping: processors))
      lines.append("cpus \(share): \(enforcer(of: .processors, else: nil))")
    }
    return lines
  }

  /// - Parameter resource: the limit of `setrlimit` that holds without a cgroup.
  private func enforcer(of limit: LimitKind, else resource: String?) -> String {
    if let group = groups?.groups.first(where: { $0.limits.contains(limit) }) {
      return "cgroup \(group.path)"
    }
    return resource.map { "setrlimit \($0)" } ?? "nothing"
  }

  private static func size(_ bytes: UInt64) -> String {
    SizeValue(bytes: Int(clamping: bytes)).description
  }
}

extension LimitPlan.Shortfall {
  /// The weakness by its name, what it means and why it is there.
  public var text: String {
    let weakness = limit.weakness.map { "\($0.name): \($0.meaning)" } ?? limit.rawValue
    return "\(weakness) (\(reason.subject): \(reason.errno))"
  }
}

extension LimitRequest {
  /// Every limit that needs a cgroup, as one that cannot be had.
  func wanted(lackedBy reason: SystemError) -> [LimitPlan.Shortfall] {
    LimitKind.allCases.filter { $0 != .processors || processors != nil }
      .filter { $0.weakness != nil && $0 != .swap }
      .map { LimitPlan.Shortfall(limit: $0, reason: reason) }
  }
}
