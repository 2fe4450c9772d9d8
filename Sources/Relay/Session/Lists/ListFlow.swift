import Control
import Digest
import JSON
import MCP
import Manifest

/// From asking for a list's first page to the moment at which what waited for it is answered.
extension Session {
  /// The lists of which a host is shown what is approved, and nothing else.
  func isGated(_ kind: ListKind) -> Bool {
    kind != .resources || settings.withholdsResources
  }

  /// Asks for a list from its first page, unless that is under way.
  mutating func askForList(_ kind: ListKind, meta: [UInt8]?, at now: UInt64) {
    guard !lists[kind].isBusy else { return }
    lists[kind].restarts = 0
    lists[kind].meta = meta
    startList(kind, at: now)
  }

  private mutating func startList(_ kind: ListKind, at now: UInt64) {
    lists[kind].isStale = false
    lists[kind].refresh = ListState.Refresh(
      id: .string(""), meta: lists[kind].meta, list: ItemList(kind), asked: now)
    askForPage(kind, cursor: nil, at: now)
  }

  mutating func askForPage(_ kind: ListKind, cursor: [UInt8]?, at now: UInt64) {
    let id = nextOwnID()
    lists[kind].refresh?.id = id
    lists[kind].refresh?.asked = now
    let meta = lists[kind].refresh?.meta
    outputs.append(.server(Messages.listRequest(kind, id: id, meta: meta, cursor: cursor)))
  }

  mutating func nextOwnID() -> MessageID {
    ownNumber += 1
    return .string(JSONString(settings.ownPrefix + String(ownNumber)))
  }

  /// The list of which one of Cordon's own requests asks for a page; nil where it is none, or no
  /// longer waited for.
  func list(askedBy id: MessageID) -> ListKind? {
    ListKind.allCases.first { lists[$0].refresh?.id == id }
  }

  /// An answer to one of Cordon's own requests.
  mutating func receivePage(_ kind: ListKind, _ message: Received, at now: UInt64) {
    guard var refresh = lists[kind].refresh else { return }
    // What stays of it here would be copied with the first item that is added.
    lists[kind].refresh = nil
    guard message.envelope.result != nil else {
      listFailed(kind, ListRefusal(message, extensions: rules.extensions), at: now)
      return
    }
    do throws(ListError) {
      guard let result = message.result else { throw .noItems }
      if refresh.known > 0 { try readKnownPages(kind, into: &refresh) }
      let isFirst = refresh.pages == 0
      refresh.pages += 1
      let cursor = try refresh.list.add(
        message, result, isFirst: isFirst, pins: pins, limit: settings.messageSize)
      guard let cursor else {
        complete(kind, refresh, at: now)
        return
      }
      guard refresh.pages < SessionSettings.mostPages else { throw .tooManyPages }
      lists[kind].refresh = refresh
      askForPage(kind, cursor: cursor, at: now)
    } catch {
      refuse(.server, reason: "list-\(error.rawValue)", size: message.line.count)
      listFailed(kind, nil, at: now)
    }
  }

  mutating func complete(
    _ kind: ListKind, _ refresh: ListState.Refresh, at now: UInt64
  ) {
    // What the server has changed since is not worth a decision.
    if restart(kind, at: now) { return }
    tellLeftOut(of: refresh.list)
    let unknown = unknown(in: refresh.list)
    let observed = refresh.list.observed
    if observed != lists[kind].observed || !unknown.isEmpty {
      observe(kind.item, unknown: unknown, present: refresh.list.present)
      lists[kind].observed = observed
    }
    guard unknown.isEmpty else {
      lists[kind].confirming = ListState.Confirming(
        sequence: sequence, list: refresh.list, pages: refresh.pages)
      return
    }
    settle(kind, refresh.list, pages: refresh.pages, at: now)
  }

  /// The contents that the supervisor does not know.
  private func unknown(in complete: ItemList) -> [Item] {
    let entries = complete.clear.filter { pins.state(of: $0.pinned) == .unknown }
    return entries.compactMap { entry in
      if let item = entry.unknown { return item }
      do throws(ItemError) {
        return try Item.read(entry.kind, Array(entry.raw))
      } catch {
        // It was read before. Without its content the supervisor takes nothing of the list.
        return nil
      }
    }
  }

  /// Why items are not among those that are shown.
  mutating func tellLeftOut(of complete: ItemList) {
    for reason in Set(complete.leftOut).sorted() {
      refuse(.server, reason: "\(complete.kind.item.rawValue)-\(reason)", size: 0)
    }
  }

  /// Begins again where the list was changed while it was asked for.
  mutating func restart(_ kind: ListKind, at now: UInt64) -> Bool {
    guard lists[kind].isStale, isWaited(for: .list(kind)),
      lists[kind].restarts < SessionSettings.mostRestarts
    else { return false }
    lists[kind].restarts += 1
    startList(kind, at: now)
    return true
  }

  /// The supervisor has answered: what is decided now is decided about every item of the list.
  mutating func confirm(_ kind: ListKind, through sequence: UInt64, at now: UInt64) {
    guard let confirming = lists[kind].confirming, sequence >= confirming.sequence else { return }
    lists[kind].confirming = nil
    settle(kind, confirming.list, pages: confirming.pages, at: now)
  }

  /// The list is complete and every item of it has been judged: what waited is answered.
  private mutating func settle(
    _ kind: ListKind, _ complete: ItemList, pages: Int, at now: UInt64
  ) {
    if restart(kind, at: now) { return }
    var complete = complete
    complete.forgetContents()
    complete.judgement = (pinsNumber, shown(of: complete))
    lists[kind].last = complete.pages == nil ? nil : complete
    lists[kind].seen = nil
    let items = complete.clear
    lists[kind].catalog = Dictionary(items.map { ($0.name, $0.digest) }) { first, _ in first }
    lists[kind].ambiguous = complete.ambiguous
    tellWithheld(items.map(\.pinned).filter { pins.state(of: $0) != .approved })
    answerWaiting(kind, complete, pages: pages, at: now)
    if kind == .tools { readInterfaces(of: complete, at: now) }
    tellVisibleChange()
  }

  /// Answers what waited for a list that has been judged.
  mutating func answerWaiting(
    _ kind: ListKind, _ complete: ItemList, pages: Int, at now: UInt64
  ) {
    report(
      "list",
      [
        ControlField("kind", .text(Array(kind.item.rawValue.utf8))),
        ControlField("pages", .integer(Int64(pages))),
        ControlField("listed", .integer(Int64(complete.items.count))),
        ControlField("shown", .integer(Int64(shown(of: complete).count))),
      ])
    var requests: [HostRequest] = []
    for entry in takeHeld(for: .list(kind)) {
      if case .list = entry.wanted {
        requests.append(entry.request)
      } else {
        release(entry, at: now)
      }
    }
    lists[kind].ready = ReadyLists(complete, requests, before: lists[kind].ready)
    answerNextList()
  }

  /// No list is to be had: lists get the server's code, what uses an item a clear answer, and both of
  /// them Cordon's own words. Nobody has approved the server's.
  ///
  /// - Parameter limit: the name of the bound within which there was no answer.
  mutating func listFailed(
    _ kind: ListKind, _ refusal: ListRefusal?, within limit: String? = nil, at now: UInt64
  ) {
    lists[kind].isStale = true
    report(
      "list",
      [
        ControlField("kind", .text(Array(kind.item.rawValue.utf8))),
        ControlField("failed", .boolean(true)),
      ])
    for entry in takeHeld(for: .list(kind)) {
      _ = fromHost.remove(entry.request.id)
      answer(entry, failedWith: refusal, kind, within: limit, at: now)
    }
    // A decision that came meanwhile was not told yet.
    tellVisibleChange()
  }

  private mutating func answer(
    _ entry: Held, failedWith refusal: ListRefusal?, _ kind: ListKind, within limit: String?,
    at now: UInt64
  ) {
    let error = (refusal ?? .silent(limit))
      .answer(entry.request.id, kind, askedWith: entry.version)
    switch entry.wanted {
    case .list:
      // A server without tools answers so.
      if kind == .tools, refusal?.code == ListRefusal.unknownMethod, sentence != nil {
        answerNoticeAlone(entry.request)
      } else {
        outputs.append(.host(error))
      }
    case .call(_, let call):
      // A host chooses its version and what it declares by this, and its era by whatever error its
      // first request gets: a result would say that the server has answered.
      if let refusal, refusal.decides || !handshake.isDone {
        outputs.append(.host(error))
      } else {
        answerCall(entry.request, words.unchecked(within: limit))
      }
      audit(call, outcome: "unchecked", resultSize: 0, at: now)
    case .use:
      outputs.append(.host(error))
    }
  }
}
