import MCP

/// How long Cordon waits for what it asks the server itself.
///
/// As long as the host would: a server whose first answer takes minutes, or one that can answer
/// nothing while a tool of its runs, is no broken one.
extension Session {
  /// Whatever the server has answered, it has started.
  private var ownBound: Bound { firstAnswer.hasCome ? .request : .handshake }

  private func due(_ asked: UInt64) -> UInt64 {
    asked + UInt64(ownBound.value(settings)) * Session.second
  }

  /// When the first of Cordon's own requests has waited long enough.
  var listDeadline: UInt64? {
    var first = interfaces.reading.map { due($0.asked) }
    for kind in ListKind.allCases {
      guard let asked = lists[kind].refresh?.asked else { continue }
      first = min(first ?? .max, due(asked))
    }
    return first
  }

  /// The requests that wait for a list have clocks of their own, and are looked at before: only
  /// what still waits is answered here.
  mutating func expireLists(at now: UInt64) {
    for kind in ListKind.allCases {
      guard let refresh = lists[kind].refresh, now >= due(refresh.asked) else { continue }
      let limit = expire(refresh.id)
      lists[kind].refresh = nil
      listFailed(kind, nil, within: limit, at: now)
    }
    guard let reading = interfaces.reading, now >= due(reading.asked) else { return }
    _ = expire(reading.id)
    interfaceFailed(at: now)
  }

  /// - Returns: the name of the bound that was gone over.
  private mutating func expire(_ id: MessageID) -> String {
    let bound = ownBound
    let limit = bound.name(settings)
    note(bound, .server)
    if bound == .request {
      outputs.append(.server(Messages.cancelled(id, reason: limit)))
    }
    return limit
  }

  /// Nobody waits for it any more: who asks next is not to wait for an answer that may be lost.
  mutating func giveUpUnwantedList(_ kind: ListKind) {
    guard !isWaited(for: .list(kind)), lists[kind].refresh != nil else { return }
    lists[kind].refresh = nil
    lists[kind].isStale = true
  }
}
