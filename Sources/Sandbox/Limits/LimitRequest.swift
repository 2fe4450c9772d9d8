public import Profile

/// What a server and all that it starts may use together. What each single process may have is a
/// `Step.limit` of the plan.
public struct LimitRequest: Equatable, Sendable {
  /// Bytes; files of `/tmp` and of a temporary home count too.
  public var memory: UInt64
  /// Bytes of swap beyond the memory.
  public var swap: UInt64
  /// Processes and threads, the sandbox's own PID 1 among them.
  public var processes: UInt64
  /// Hundredths of a processor; nil for no limit.
  public var processors: UInt64?

  public init(memory: UInt64, swap: UInt64, processes: UInt64, processors: UInt64?) {
    self.memory = memory
    self.swap = swap
    self.processes = processes
    self.processors = processors
  }
}

/// A limit that only a cgroup can enforce for all processes together.
public enum LimitKind: String, CaseIterable, Sendable {
  case memory
  case swap
  /// `RLIMIT_NPROC` counts for each user namespace, so that this limit holds without a cgroup too;
  /// with one the refusals are counted.
  case processes
  case processors = "cpus"

  /// What is given up where nothing enforces the limit; nil where something always does.
  public var weakness: Weakness? {
    switch self {
    case .memory: .noMemoryLimit
    case .swap: .noSwapLimit
    case .processors: .noProcessorLimit
    case .processes: nil
    }
  }
}
