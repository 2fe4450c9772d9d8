import JSON
import MCP

/// Requests that a complete list answers. Each answer is as large as the list: one is made when the
/// one before has gone to the host, so that many who ask at once cost the memory of one.
struct ReadyLists {
  let list: ToolList
  /// The first comes last.
  var requests: [HostRequest]

  /// - Parameter older: what an earlier list was to answer, and this one does.
  /// - Returns: nil where nobody waits.
  init?(_ list: ToolList, _ requests: [HostRequest], before older: ReadyLists?) {
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
    guard let complete = list.ready?.list, let request = list.ready?.requests.popLast() else {
      return false
    }
    if list.ready?.requests.isEmpty ?? true { list.ready = nil }
    _ = fromHost.remove(request.id)
    answerList(request, complete)
    return true
  }

  /// What of a list the host is shown, as it is decided now.
  func shown(of complete: ToolList) -> [ToolList.Tool] {
    complete.clear.filter { pins.state(of: $0.pinned) == .approved }
  }

  /// A request that was cancelled is not answered.
  mutating func dropReadyList(_ id: MessageID) -> Bool {
    guard let index = list.ready?.requests.firstIndex(where: { $0.id == id }) else { return false }
    list.ready?.requests.remove(at: index)
    if list.ready?.requests.isEmpty ?? true { list.ready = nil }
    _ = fromHost.remove(id)
    return true
  }
}
