import Digest
import JSON
import MCP

/// A request of the host's that is not answered yet.
struct HostRequest: TimedRequest {
  enum Kind {
    case plain
    case initialize(clientName: [UInt8])
    /// The version is the one that the host asked with.
    case discover(clientName: [UInt8], version: JSONString?)
    case call(Call)
    case listen
    /// Reads what a host renders: the URI.
    case interface(JSONString)
    /// Reads anything else: what it is shows in the answer.
    case resource(JSONString)
    /// Lists resources that are only reported; with the number of the listing that it belongs to.
    case page(UInt64?)
    /// Kept by Cordon until a list or a decision is there; the server does not know of it, or has
    /// answered it already.
    case held
    /// The host got an error, because it took too long: what the server still answers is dropped.
    case expired
  }

  var id: MessageID
  var kind: Kind
  var isModern: Bool
  /// The call is to go on as a task of 2025-11-25.
  var wantsTask = false
  /// Whoever sits at the host may be asked about it.
  var takesForm = false
  var due: UInt64

  /// Where the server has it: a call to be told to the audit log.
  var call: Call? {
    guard case .call(let call) = kind else { return nil }
    return call
  }
}

/// A request of the server's that the host has not answered yet.
struct ServerRequest: TimedRequest {
  /// Nil for one that no version knows.
  var method: Method?
  var due: UInt64
  var isExpired = false
}

/// What waits for an answer, and until when.
protocol TimedRequest {
  /// In nanoseconds of the caller's clock; `max` for a request that may wait without end.
  var due: UInt64 { get }
}

/// What a call's audit event is made of.
struct Call: Equatable {
  var tool: JSONString
  var arguments: Digest?
  var size: Int
  var started: UInt64
  /// The trace that the request says it belongs to.
  var trace: TraceContext?
}

/// The requests of one side that are not answered, bounded.
///
/// One that nobody waits for any more, because it was cancelled or took too long, may still be
/// answered, or never: it stays until its answer comes or newer ones of its kind push it out. Those
/// take no other request's place.
struct PendingTable<Request: TimedRequest> {
  private struct Entry {
    var request: Request
    /// Tells an entry from an earlier one under the same id.
    var number: UInt64
    var isAbandoned = false
  }

  private var entries: [MessageID: Entry] = [:]
  private var abandoned: [(id: MessageID, number: UInt64)] = []
  /// How many entries nobody waits for.
  private var abandonedCount = 0
  private var number: UInt64 = 0
  private let capacity: Int
  private static var mostAbandoned: Int { 1_000 }

  init(capacity: Int) {
    self.capacity = capacity
  }

  var isFull: Bool { entries.count - abandonedCount >= capacity }
  var count: Int { entries.count }

  subscript(_ id: MessageID) -> Request? { entries[id]?.request }

  func isWaiting(for id: MessageID) -> Bool { entries[id].map { !$0.isAbandoned } ?? false }

  mutating func insert(_ request: Request, as id: MessageID) {
    number += 1
    let old = entries.updateValue(Entry(request: request, number: number), forKey: id)
    if old?.isAbandoned == true { abandonedCount -= 1 }
  }

  mutating func remove(_ id: MessageID) -> Request? {
    guard let entry = entries.removeValue(forKey: id) else { return nil }
    if entry.isAbandoned { abandonedCount -= 1 }
    return entry.request
  }

  /// - Returns: a request that was cancelled earlier and is now forgotten.
  @discardableResult
  mutating func cancel(_ id: MessageID) -> Request? {
    abandon(id) { _ in }
  }

  /// Nobody waits for the answer any more.
  ///
  /// - Returns: a request that was abandoned earlier and is now forgotten.
  @discardableResult
  mutating func abandon(_ id: MessageID, _ change: (inout Request) -> Void) -> Request? {
    guard var entry = entries[id] else { return nil }
    change(&entry.request)
    let wasAbandoned = entry.isAbandoned
    entry.isAbandoned = true
    entries[id] = entry
    guard !wasAbandoned else { return nil }
    abandonedCount += 1
    abandoned.append((id, entry.number))
    guard abandoned.count > PendingTable.mostAbandoned else { return nil }
    let oldest = abandoned.removeFirst()
    guard entries[oldest.id]?.number == oldest.number else { return nil }
    return remove(oldest.id)
  }

  /// Whether there is one that somebody waits for.
  var isWaitedFor: Bool { entries.count > abandonedCount }

  /// Those that have waited long enough, in the order in which they came.
  func overdue(at now: UInt64) -> [MessageID] {
    entries.filter { !$0.value.isAbandoned && $0.value.request.due <= now }
      .sorted { $0.value.number < $1.value.number }.map(\.key)
  }

  /// When the first of the others will have; `max` where none ever does.
  var firstDue: UInt64 {
    entries.values.lazy.filter { !$0.isAbandoned }.map(\.request.due).min() ?? .max
  }

  /// Takes everything out, in the order in which it came.
  mutating func removeAll() -> [(id: MessageID, request: Request, isCancelled: Bool)] {
    let all = entries.sorted { $0.value.number < $1.value.number }
    entries = [:]
    abandoned = []
    abandonedCount = 0
    return all.map { ($0.key, $0.value.request, $0.value.isAbandoned) }
  }
}
