import MCP

extension RelayLoop {
  /// Nanoseconds after which the memory that long lines took is given back, even if more of them come.
  private static let keeping: UInt64 = 500_000_000

  /// Gives the memory of long lines back, now and then.
  ///
  /// Fresh pages cost a large message as much as copying it, so one that soon follows another finds
  /// the pages of that one.
  mutating func shrinkWhenIdle() {
    if let shrinking {
      guard now >= shrinking else { return }
      self.shrinking = nil
      // What is still to be written from where it was read stays there until it is gone.
      if !toServer.isBorrowing { hostLines.shrink() }
      if !toHost.isBorrowing { serverLines.shrink() }
    }
    if shrinking == nil, hostLines.isLarge || serverLines.isLarge { shrinking = now + Self.keeping }
  }
}
