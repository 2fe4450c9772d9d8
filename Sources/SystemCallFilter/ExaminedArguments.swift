import FilterCompiler

/// Which arguments of a refused call decided, for those who tell of it.
public struct ExaminedArguments: Sendable {
  /// An argument as far as the filter compared it: its lower 32 bits, under the comparison's mask.
  public struct Argument: Hashable, Sendable {
    public let index: Int
    public let value: UInt32

    public init(index: Int, value: UInt32) {
      self.index = index
      self.value = value
    }
  }

  private let decisions: [Int32: Decision]

  /// Of the filter that `FilterProgram.server` makes of the same.
  public init(_ base: FilterBase = .standard, allow: [String], deny: [String]) {
    var decisions: [Int32: Decision] = [:]
    let filter = base.filter.changed(allow: allow, deny: deny, wider: base.wider)
    for group in filter.groups {
      guard case .match = group.decision else { continue }
      for call in group.calls {
        if let number = SystemCallNames.number(of: call, on: .current) {
          decisions[number] = group.decision
        }
      }
    }
    self.decisions = decisions
  }

  /// Empty where the call is decided by its number alone.
  public func deciding(_ number: Int32, _ arguments: [UInt64]) -> [Argument] {
    let examined = decisions[number]?.examined(in: arguments) ?? []
    return examined.map { Argument(index: $0.index, value: $0.value) }
  }
}
