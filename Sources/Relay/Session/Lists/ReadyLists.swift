import JSON
import MCP

/// Requests that a complete list answers. Each answer is as large as the list: one is made when the
/// one before has gone to the host, so that many who ask at once cost the memory of one.
struct ReadyLists {
  let list: ItemList
  /// The first comes last.
  var requests: [HostRequest]

  /// - Parameter older: what an earlier list was to answer, and this one does.
  /// - Returns: nil where nobody waits.
  init?(_ list: ItemList, _ requests: [HostRequest], before older: ReadyLists?) {
    self.list = list
    self.requests = requests.reversed() + (older?.requests ?? [])
    if self.requests.isEmpty { return nil }
  }
}

extension Session {
  /// Makes the next answer of those that wait for room; the caller asks for it when there is some.
  ///
  /// - Returns: whether there was one to make.
  @discardableResult
  mutating func answerNextList() -> Bool {
    for kind in ListKind.allCases {
      guard let complete = lists[kind].ready?.list,
        let request = lists[kind].ready?.requests.popLast()
      else { continue }
      if lists[kind].ready?.requests.isEmpty ?? true { lists[kind].ready = nil }
      _ = fromHost.remove(request.id)
      answerList(request, complete)
      return true
    }
    return false
  }

  /// What of a list the host is shown, as it is decided now.
  func shown(of complete: ItemList) -> [ItemList.Entry] {
    if let judgement = complete.judgement, judgement.pins == pinsNumber { return judgement.shown }
    return complete.clear.filter { pins.state(of: $0.pinned) == .approved }
  }

  /// A request that was cancelled is not answered.
  mutating func dropReadyList(_ id: MessageID) -> Bool {
    for kind in ListKind.allCases {
      guard let index = lists[kind].ready?.requests.firstIndex(where: { $0.id == id }) else {
        continue
      }
      lists[kind].ready?.requests.remove(at: index)
      if lists[kind].ready?.requests.isEmpty ?? true { lists[kind].ready = nil }
      _ = fromHost.remove(id)
      return true
    }
    return false
  }
}
