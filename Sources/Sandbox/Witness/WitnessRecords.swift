/// What the witness has reported and how often all of it happened: bounded, whatever a server does.
struct WitnessRecords {
  private var calls = BoundedSet<WitnessReport.RefusedCall>(most: mostCalls)
  private var destinations = BoundedSet<WitnessReport.Destination>(most: mostDestinations)
  /// Digests of paths: two paths of one digest are reported once. They are seeded anew in each
  /// process, so that nobody can aim at one.
  private var paths = BoundedSet<Int>(most: mostPaths)
  private(set) var totals = WitnessReport.Totals()

  static let mostCalls = 128
  static let mostDestinations = 128
  static let mostPaths = 4096

  /// - Returns: whether it is to be reported: not seen before, and there is room.
  mutating func isNews(_ call: WitnessReport.RefusedCall) -> Bool {
    totals.calls &+= 1
    return isNews(calls.insert(call))
  }

  mutating func isNews(_ destination: WitnessReport.Destination) -> Bool {
    totals.destinations &+= 1
    return isNews(destinations.insert(destination))
  }

  mutating func isNews(_ path: WitnessReport.RefusedPath) -> Bool {
    totals.paths &+= 1
    var hasher = Hasher()
    hasher.combine(path.errno)
    hasher.combine(path.path)
    return isNews(paths.insert(hasher.finalize()))
  }

  mutating func countUnseen() { totals.unseen &+= 1 }

  /// For one that was news and could not be sent.
  mutating func countUnreported() { totals.unreported &+= 1 }

  private mutating func isNews(_ outcome: InsertOutcome) -> Bool {
    if outcome == .full { totals.unreported &+= 1 }
    return outcome == .new
  }
}

private enum InsertOutcome { case new, known, full }

private struct BoundedSet<Element: Hashable> {
  private var elements: Set<Element> = []
  private let most: Int

  init(most: Int) {
    self.most = most
  }

  mutating func insert(_ element: Element) -> InsertOutcome {
    if elements.contains(element) { return .known }
    guard elements.count < most else { return .full }
    elements.insert(element)
    return .new
  }
}
