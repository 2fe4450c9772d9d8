import Manifest

/// What was decided, to be read once the review is over.
struct ReviewLog {
  private var lines: [String] = []
  private var counts: [String: [Decision: Int]] = [:]

  mutating func add(_ decision: Decision, _ decided: Decided, _ notes: [String], server: String) {
    for entry in decided.entries {
      lines.append("\(decision.past) \(ItemReference(entry.pin).text)")
      counts[server, default: [:]][decision, default: 0] += 1
    }
    lines += notes
  }

  /// - Parameter waiting: how many of the server's items still wait.
  mutating func close(_ server: String, waiting: Int) {
    let counts = counts[server, default: [:]]
    guard waiting > 0 || !counts.isEmpty else { return }
    lines.append(
      "\(server): \(counts[.approve, default: 0]) approved, "
        + "\(counts[.reject, default: 0]) rejected, \(waiting) still waiting")
  }

  var text: String { lines.map { $0 + "\n" }.joined() }
}
