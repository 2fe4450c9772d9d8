import JSON
import MCP

/// A request of the host's that waits until Cordon knows what it needs to decide about it.
struct Held {
  /// What it waits for.
  enum Awaited: Equatable {
    case list(ListKind)
    /// The bodies of what tools have a host render.
    case interfaces
  }

  enum Wanted {
    case list
    /// The call's whole line, its newline included.
    case call([UInt8], Call)
    /// The whole line of what uses an item other than a tool.
    case use([UInt8], Use)
  }

  var request: HostRequest
  var awaited: Awaited
  var wanted: Wanted
  /// The version that it names, unless that is longer than any.
  var version: JSONString?

  init(_ request: HostRequest, for awaited: Awaited, _ wanted: Wanted, params: ObjectView?) {
    self.request = request
    self.awaited = awaited
    self.wanted = wanted
    version = params.modernVersion.flatMap {
      $0.utf8.count <= ListRefusal.longestVersion ? $0 : nil
    }
  }

  var size: Int {
    switch wanted {
    case .list: 0
    case .call(let line, _), .use(let line, _): line.count
    }
  }
}

extension Session {
  mutating func hold(_ entry: Held) {
    held.append(entry)
    heldBytes += entry.size
  }

  func isWaited(for awaited: Held.Awaited) -> Bool {
    held.contains { $0.awaited == awaited }
  }

  /// Takes out what waited for this, in the order in which it came.
  mutating func takeHeld(for awaited: Held.Awaited) -> [Held] {
    let taken = held.filter { $0.awaited == awaited }
    guard !taken.isEmpty else { return [] }
    held.removeAll { $0.awaited == awaited }
    heldBytes -= taken.reduce(0) { $0 + $1.size }
    return taken
  }

  /// What a request waited for is known now.
  mutating func release(_ entry: Held, at now: UInt64) {
    _ = fromHost.remove(entry.request.id)
    switch entry.wanted {
    case .list: break
    case .call(let line, let call): release(entry, line, call, at: now)
    case .use(let line, let use): release(entry, line, use, at: now)
    }
  }

  /// A request that waits waits no longer.
  mutating func drop(held index: Int, outcome: String, at now: UInt64) {
    let entry = held.remove(at: index)
    heldBytes -= entry.size
    if case .list(let kind) = entry.awaited { giveUpUnwantedList(kind) }
    guard case .call(_, let call) = entry.wanted else { return }
    audit(call, outcome: outcome, resultSize: 0, at: now)
  }
}
