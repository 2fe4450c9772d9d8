import Audit
import Control
import Glibc
import Kernel
import Sandbox

/// The limits that a server ran into, told when it has ended: to the person, to the audit log and
/// to the host.
extension Session {
  /// Read once nothing of the sandbox lives, so that no counter moves any more.
  func limitHits() -> [LimitHit] {
    var hits = groups?.hits(of: launch.limits.request) ?? []
    // Version 1 kills one process; where that was the server all is told.
    if end == .killed(signal: SIGKILL), let index = hits.firstIndex(where: \.isMemory) {
      hits[index] = .memory(launch.limits.request.memory, killed: nil)
    }
    if end == .killed(signal: SIGXFSZ), let bytes = launch.plan.fileSizeLimit {
      hits.append(.fileSize(bytes))
    }
    // One that ended because it was asked to had room enough for what it did.
    if teardown == nil {
      hits += full.map { .fileSystem(path: $0, bytes: launch.plan.size(ofFileSystem: $0)) }
    }
    return hits
  }

  func tell(_ hits: [LimitHit]) {
    hitLimit = hits.contains(where: \.isFatal)
    for hit in hits {
      pins.record(AuditEvent("limit", hit.auditFields))
      tell(.warning("the server \(hit.text)", hint: hit.hint))
    }
  }

  /// What the server left unanswered is answered with how it ended.
  func explainEnd(_ hits: [LimitHit]) throws(SystemError) {
    guard !relayEnded, fromRelay.isOpen, let end, !end.isRefusal else { return }
    try order(.serverEnded(reason: hits.first.map { "it \($0.text)" } ?? end.summary))
  }
}

extension LimitHit {
  fileprivate var auditFields: [(String, AuditValue)] {
    switch self {
    case .memory(let limit, let killed):
      [
        ("limit", .string("memory")), ("value", .integer(Int64(clamping: limit))),
      ] + (killed.map { [("killed", .integer(Int64(clamping: $0)))] } ?? [])
    case .processes(let limit, let refused):
      [
        ("limit", .string("processes")), ("value", .integer(Int64(clamping: limit))),
        ("refused", .integer(Int64(clamping: refused))),
      ]
    case .fileSize(let limit):
      [("limit", .string("fileSize")), ("value", .integer(Int64(clamping: limit)))]
    case .fileSystem(let path, let bytes):
      [("limit", .string("space")), ("path", .string(.init(path)))]
        + (bytes.map { [("value", .integer(Int64(clamping: $0)))] } ?? [])
    }
  }
}
