extension Decision {
  /// The arguments that decide a call, in the order in which they are compared, each under its
  /// comparison's mask.
  public func examined(in arguments: [UInt64]) -> [(index: Int, value: UInt32)] {
    guard case .match(let argument, let mask, let cases, let rest) = self else { return [] }
    let value = UInt32(truncatingIfNeeded: arguments[Int(argument)]) & mask
    let next = cases.first { $0.values.contains(value) }?.decision ?? rest
    return [(Int(argument), value)] + next.examined(in: arguments)
  }
}
