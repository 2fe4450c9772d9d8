import MCP

/// How long Cordon waits for the server's list.
///
/// As long as the host would: a server whose first answer takes minutes, or one that can answer
/// nothing while a tool of its runs, is no broken one.
extension Session {
  /// Whatever the server has answered, it has started.
  private var listBound: Bound { firstAnswer.hasCome ? .request : .handshake }

  var listDeadline: UInt64? {
    list.refresh.map { $0.asked + UInt64(listBound.value(settings)) * Session.second }
  }

  /// The requests that wait for the list have clocks of their own, and are looked at before: only
  /// what still waits is answered here.
  mutating func expireList(at now: UInt64) {
    guard let refresh = list.refresh, let deadline = listDeadline, now >= deadline else { return }
    let bound = listBound
    let limit = bound.name(settings)
    note(bound, .server)
    if bound == .request {
      outputs.append(.server(Messages.cancelled(refresh.id, reason: limit)))
    }
    list.refresh = nil
    listFailed(nil, within: limit, at: now)
  }

  /// Nobody waits for it any more: who asks next is not to wait for an answer that may be lost.
  mutating func giveUpUnwantedList() {
    guard held.isEmpty, list.refresh != nil else { return }
    list.refresh = nil
    list.isStale = true
  }
}
