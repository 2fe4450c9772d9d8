/// How one system call is decided: at once, or by its arguments.
///
/// A tree has an answer for every value of every argument, so a call that is decided by its arguments
/// never falls through to the filter's fallback. Arguments are compared as the kernel reads an `int`:
/// their lower 32 bits. (A comparison of the whole register is passed by setting upper bits:
/// CVE-2019-7303, CVE-2019-10063.)
public indirect enum Decision: Hashable, Sendable {
  case action(Action)
  /// Compares `argument & mask` with each case's values. Nested matches look at later arguments only.
  case match(argument: UInt32, mask: UInt32, cases: [Case], rest: Decision)

  public struct Case: Hashable, Sendable {
    public let values: [UInt32]
    public let decision: Decision

    public init(_ values: [UInt32], _ decision: Decision) {
      self.values = values
      self.decision = decision
    }
  }

  /// The answer for a call with these arguments.
  public func action(for arguments: [UInt64]) -> Action {
    switch self {
    case .action(let action):
      return action
    case .match(let argument, let mask, let cases, let rest):
      let value = UInt32(truncatingIfNeeded: arguments[Int(argument)]) & mask
      let match = cases.first { $0.values.contains(value) }
      return (match?.decision ?? rest).action(for: arguments)
    }
  }
}

extension Decision {
  static let allow = Decision.action(.allow)

  static func fail(_ errno: Int32) -> Decision { .action(.errno(errno)) }

  /// Allows the named values of one argument; any other fails with `errno`.
  static func allow(
    _ values: [UInt32], of argument: UInt32, mask: UInt32 = .max, otherwise errno: Int32
  ) -> Decision {
    .match(
      argument: argument, mask: mask, cases: [Case(values, .allow)], rest: .fail(errno))
  }
}
