import Digest
import JSON
import MCP

/// A request of the host's that is not answered yet.
struct HostRequest {
  enum Kind {
    case plain
    case initialize(clientName: [UInt8])
    /// The version is the one that the host asked with.
    case discover(clientName: [UInt8], version: JSONString?)
    case call(Call)
    case listen
    /// Kept by Cordon until a list or a decision is there; the server does not know of it, or has
    /// answered it already.
    case held
  }

  var id: MessageID
  var kind: Kind
  var isModern: Bool
  /// The call is to go on as a task of 2025-11-25.
  var wantsTask = false

  /// Where the server has it: a call to be told to the audit log.
  var call: Call? {
    guard case .call(let call) = kind else { return nil }
    return call
  }
}

/// What a call's audit event is made of.
struct Call: Equatable {
  var tool: JSONString
  var arguments: Digest?
  var size: Int
  var started: UInt64
}

/// The requests of one side that are not answered, bounded.
///
/// A cancelled request may still be answered, or never: it stays until its answer comes or newer
/// cancelled ones push it out.
struct PendingTable<Request> {
  private struct Entry {
    var request: Request
    /// Tells an entry from an earlier one under the same id.
    var number: UInt64
  }

  private var entries: [MessageID: Entry] = [:]
  private var cancelled: [(id: MessageID, number: UInt64)] = []
  private var number: UInt64 = 0
  private let capacity: Int
  private static var mostCancelled: Int { 1_000 }

  init(capacity: Int) {
    self.capacity = capacity
  }

  var isFull: Bool { entries.count >= capacity }
  var count: Int { entries.count }

  subscript(_ id: MessageID) -> Request? { entries[id]?.request }

  mutating func insert(_ request: Request, as id: MessageID) {
    number += 1
    entries[id] = Entry(request: request, number: number)
  }

  mutating func remove(_ id: MessageID) -> Request? {
    entries.removeValue(forKey: id)?.request
  }

  /// - Returns: a request that was cancelled earlier and is now no longer waited for.
  mutating func cancel(_ id: MessageID) -> Request? {
    guard let entry = entries[id] else { return nil }
    cancelled.append((id, entry.number))
    guard cancelled.count > PendingTable.mostCancelled else { return nil }
    let oldest = cancelled.removeFirst()
    guard entries[oldest.id]?.number == oldest.number else { return nil }
    return entries.removeValue(forKey: oldest.id)?.request
  }

  /// Whether there is one that was not cancelled.
  var isWaitedFor: Bool {
    let numbers = Set(cancelled.map(\.number))
    return entries.values.contains { !numbers.contains($0.number) }
  }

  /// Takes everything out, in the order in which it came.
  mutating func removeAll() -> [(id: MessageID, request: Request, isCancelled: Bool)] {
    let numbers = Set(cancelled.map(\.number))
    let all = entries.sorted { $0.value.number < $1.value.number }
    entries = [:]
    cancelled = []
    return all.map { ($0.key, $0.value.request, numbers.contains($0.value.number)) }
  }
}
