/// What the supervisor does before the launch so that a cgroup bounds the sandbox: steps as data,
/// and the groups that they make.
public struct ControlGroupPlan: Equatable, Sendable {
  public enum Version: Equatable, Sendable {
    /// The sandbox's first process enters the group by itself, through `tasks`.
    case one
    /// It is born there (`CLONE_INTO_CGROUP`).
    case two
  }

  /// One cgroup that the sandbox runs in.
  public struct Group: Equatable, Sendable {
    public let version: Version
    public let path: String
    public let limits: [LimitKind]

    public init(version: Version, path: String, limits: [LimitKind]) {
      self.version = version
      self.path = path
      self.limits = limits
    }
  }

  public enum Step: Equatable, Sendable, CustomStringConvertible {
    case create(String)
    /// Version 2 has no processes in a group that hands controllers on: the supervisor makes room.
    case moveSupervisor(to: String)
    /// Hands controllers on to the groups below.
    case enable([String], in: String)
    case set(file: String, value: String)
    /// Absent where the kernel counts no swap.
    case setIfThere(file: String, value: String)

    public var description: String {
      switch self {
      case .create(let path): "mkdir \(path)"
      case .moveSupervisor(let path): "supervisor into \(path)"
      case .enable(let controllers, let path):
        "\(path)/cgroup.subtree_control = "
          + controllers.map { "+\($0)" }.joined(separator: " ")
      case .set(let file, let value), .setIfThere(let file, let value): "\(file) = \(value)"
      }
    }
  }

  public var steps: [Step]
  public var groups: [Group]

  public init(steps: [Step], groups: [Group]) {
    self.steps = steps
    self.groups = groups
  }

  /// Everything that the steps make, the innermost last.
  public var directories: [String] {
    steps.compactMap { if case .create(let path) = $0 { path } else { nil } }
  }

  /// The limits that end with these groups.
  public var limits: [LimitKind] { groups.flatMap(\.limits) }
}
