import Control
import Digest
import JSON
import MCP
import Manifest

/// Where the session stands with the server's list of tools.
struct ListState {
  /// Pages being asked for.
  struct Refresh {
    var id: MessageID
    var meta: [UInt8]?
    var pages = 0
    var list = ToolList()
    /// When the page was asked for.
    var asked: UInt64
  }

  /// A complete list whose new items wait for the pins that answer `sequence`.
  struct Confirming {
    var sequence: UInt64
    var list: ToolList
    var pages: Int
  }

  /// What the host was shown: a change of it is told.
  struct Shown: Equatable {
    var tools: [JSONString: Digest]
    var waiting: Int
  }

  /// The last complete list, by name; nil before there was one.
  var catalog: [JSONString: Digest]?
  var ambiguous: Set<JSONString> = []
  var refresh: Refresh?
  var confirming: Confirming?
  /// Nil where every request that waited for a list has its answer.
  var ready: ReadyLists?
  /// The server has announced a change since the last list was begun.
  var isStale = false
  var restarts = 0
  var observed: [JSONString: Digest]?
  var shown: Shown?
  /// The `_meta` of the last request that made Cordon ask, for asking again.
  var meta: [UInt8]?

  var isBusy: Bool { refresh != nil || confirming != nil }
  /// A call can be decided now.
  var isFresh: Bool { catalog != nil && !isStale && !isBusy }
}

extension Session {
  /// Asks for the list from its first page, unless that is under way.
  mutating func askForList(meta: [UInt8]?, at now: UInt64) {
    guard !list.isBusy else { return }
    list.restarts = 0
    list.meta = meta
    startList(at: now)
  }

  private mutating func startList(at now: UInt64) {
    list.isStale = false
    list.refresh = ListState.Refresh(id: .string(""), meta: list.meta, asked: now)
    askForPage(cursor: nil, at: now)
  }

  private mutating func askForPage(cursor: [UInt8]?, at now: UInt64) {
    ownNumber += 1
    let id = MessageID.string(JSONString(settings.ownPrefix + String(ownNumber)))
    list.refresh?.id = id
    list.refresh?.asked = now
    outputs.append(
      .server(Messages.listRequest(id: id, meta: list.refresh?.meta, cursor: cursor)))
  }

  /// An answer to one of Cordon's own requests.
  mutating func receivePage(_ message: Received, _ id: MessageID, at now: UInt64) {
    // A late answer to a page that was given up is nobody's business.
    guard var refresh = list.refresh, refresh.id == id else { return }
    guard message.envelope.result != nil else {
      list.refresh = nil
      listFailed(ListRefusal(message, extensions: rules.extensions), at: now)
      return
    }
    do throws(ListError) {
      guard let result = message.result else { throw .noTools }
      let isFirst = refresh.pages == 0
      refresh.pages += 1
      let cursor = try refresh.list.add(
        message, result, isFirst: isFirst, pins: pins, limit: settings.messageSize)
      guard let cursor else {
        list.refresh = nil
        complete(refresh, at: now)
        return
      }
      guard refresh.pages < SessionSettings.mostPages else { throw .tooManyPages }
      list.refresh = refresh
      askForPage(cursor: cursor, at: now)
    } catch {
      list.refresh = nil
      refuse(.server, reason: "list-\(error.rawValue)", size: message.line.count)
      listFailed(nil, at: now)
    }
  }

  private mutating func complete(_ refresh: ListState.Refresh, at now: UInt64) {
    // What the server has changed since is not worth a decision.
    if restart(at: now) { return }
    for reason in Set(refresh.list.leftOut).sorted() {
      refuse(.server, reason: "tool-\(reason)", size: 0)
    }
    let tools = refresh.list.clear
    let present = Dictionary(tools.map { ($0.name, $0.digest) }) { first, _ in first }
    let unknown = tools.compactMap(\.unknown).filter {
      pins.state(.tool, $0.name, $0.digest) == .unknown
    }
    if present != list.observed || !unknown.isEmpty {
      observe(.tool, unknown: unknown, present: tools.map(\.pinned))
      list.observed = present
    }
    guard unknown.isEmpty else {
      list.confirming = ListState.Confirming(
        sequence: sequence, list: refresh.list, pages: refresh.pages)
      return
    }
    settle(refresh.list, pages: refresh.pages, at: now)
  }

  /// Begins again where the list was changed while it was asked for.
  private mutating func restart(at now: UInt64) -> Bool {
    guard list.isStale, !held.isEmpty, list.restarts < SessionSettings.mostRestarts else {
      return false
    }
    list.restarts += 1
    startList(at: now)
    return true
  }

  /// The list is complete and every item of it has been judged: what waited is answered.
  mutating func settle(_ complete: ToolList, pages: Int, at now: UInt64) {
    if restart(at: now) { return }
    let tools = complete.clear
    list.catalog = Dictionary(tools.map { ($0.name, $0.digest) }) { first, _ in first }
    list.ambiguous = complete.ambiguous
    tellWithheld(tools.map(\.pinned).filter { pins.state(of: $0) != .approved })
    let shown = shown(of: complete)
    report(
      "list",
      [
        ControlField("kind", .text(Array(ItemKind.tool.rawValue.utf8))),
        ControlField("pages", .integer(Int64(pages))),
        ControlField("listed", .integer(Int64(complete.tools.count))),
        ControlField("shown", .integer(Int64(shown.count))),
      ])
    let waiting = held
    held.removeAll()
    heldBytes = 0
    var requests: [HostRequest] = []
    for entry in waiting {
      switch entry.wanted {
      case .list: requests.append(entry.request)
      case .call(let line, let call):
        _ = fromHost.remove(entry.request.id)
        release(entry, line, call, at: now)
      }
    }
    list.ready = ReadyLists(complete, requests, before: list.ready)
    answerNextList()
    tellVisibleChange()
  }

  /// No list is to be had: lists get the server's code, calls a clear answer, and both of them
  /// Cordon's own words. Nobody has approved the server's.
  ///
  /// - Parameter limit: the name of the bound within which there was no answer.
  mutating func listFailed(
    _ refusal: ListRefusal?, within limit: String? = nil, at now: UInt64
  ) {
    list.isStale = true
    report(
      "list",
      [
        ControlField("kind", .text(Array(ItemKind.tool.rawValue.utf8))),
        ControlField("failed", .boolean(true)),
      ])
    let waiting = held
    held.removeAll()
    heldBytes = 0
    for entry in waiting {
      _ = fromHost.remove(entry.request.id)
      switch entry.wanted {
      case .list:
        // A server without tools answers so.
        if refusal?.code == ListRefusal.unknownMethod, sentence != nil {
          answerNoticeAlone(entry.request)
        } else {
          let refusal = refusal ?? .silent(limit)
          outputs.append(
            .host(refusal.answer(entry.request.id, askedWith: entry.version)))
        }
      case .call(_, let call):
        // A host chooses its version and what it declares by this, and its era by whatever error its
        // first request gets: a result would say that the server has answered.
        if let refusal, refusal.decides || !handshake.isDone {
          outputs.append(
            .host(refusal.answer(entry.request.id, askedWith: entry.version)))
        } else {
          answerCall(entry.request, words.unchecked(within: limit))
        }
        audit(call, outcome: "unchecked", resultSize: 0, at: now)
      }
    }
    // A decision that came meanwhile was not told yet.
    tellVisibleChange()
  }
}
