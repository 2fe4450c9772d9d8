import Control
import JSON
import MCP
import Manifest

/// The host's own paging through the server's resources, where these are only reported.
///
/// Nothing is asked for and nothing waits: each page has gone to the host before it is reported.
/// What the host listed to its end is a listing; where it stops, or two listings mix, there is none.
struct ResourceWatch {
  private var list = ItemList(.resources)
  private var pages = 0
  /// The cursor that goes on with it, as the server wrote it.
  private var next: [UInt8]?
  /// Of the last request that belongs to it: answers to others are looked at no further.
  private var number: UInt64 = 0
  fileprivate var observed: ListState.Observed?

  /// - Parameter cursor: the request's, as the host wrote it; nil where it asks for the first page.
  /// - Returns: what its answer is known by; nil where it belongs to no listing.
  mutating func ask(cursor: [UInt8]?) -> UInt64? {
    if let cursor {
      guard cursor == next else { return nil }
    } else {
      list = ItemList(.resources)
      pages = 0
    }
    next = nil
    number += 1
    return number
  }

  /// - Returns: the whole listing with its last page.
  mutating func add(
    _ message: Received, _ number: UInt64, pins: Pins, limit: Int
  ) throws(ListError) -> (list: ItemList, pages: Int)? {
    guard number == self.number, let result = message.result else { return nil }
    pages += 1
    guard pages <= SessionSettings.mostPages else { throw .tooManyPages }
    next = try list.add(message, result, isFirst: pages == 1, pins: pins, limit: limit)
    guard next == nil else { return nil }
    // The supervisor's record takes no more.
    guard list.items.count <= ServerRecord.itemLimit else { throw .tooMany }
    defer { list = ItemList(.resources) }
    return (list, pages)
  }
}

extension Session {
  mutating func watch(
    resourcesOf message: Received, _ request: HostRequest
  ) -> HostRequest {
    let cursor = message.params?.member("cursor")
    let isFirst = cursor == nil || cursor?.kind == .null
    var request = request
    request.kind = .page(
      watched.ask(cursor: isFirst ? nil : cursor.map { message.raw($0.value) }))
    return request
  }

  /// Without the `_meta` of what a host renders: hosts take from it what the body may connect to
  /// and use where the body says nothing of it, and only what is in the body is approved.
  mutating func pass(page message: Received) {
    let cuts = interfaceCuts(message)
    if cuts.isEmpty {
      toHost(message)
    } else {
      again(message, from: .server, cuts) { $0.toHost($1) }
    }
  }

  private func interfaceCuts(_ message: Received) -> Cuts {
    var cuts = Cuts()
    // Every way to write the key has one of these in it: no other character folds to one of its own.
    guard
      message.line.contains("_m") || message.line.contains("_M") || message.line.contains("\\u"),
      let result = message.result
    else { return cuts }
    for entry in result.entries(like: ListKind.resources.member) {
      let isReferred = entry.strings(like: "uri").contains {
        InterfaceReference.isInterface($0) || interfaces.referred.contains($0)
      }
      if isReferred || entry.strings(like: "mimeType").contains(where: InterfaceReference.isApp) {
        _ = cuts.cut(entry, like: MetaKey.meta)
      }
    }
    return cuts
  }

  /// A page that the host has got already.
  mutating func observe(page message: Received, _ number: UInt64) {
    do throws(ListError) {
      guard
        let (list, pages) = try watched.add(
          message, number, pins: pins, limit: settings.messageSize)
      else { return }
      let observed = list.observed
      if observed != watched.observed {
        observe(.resource, unknown: [], present: list.present)
        watched.observed = observed
      }
      report(
        "list",
        [
          ControlField("kind", .text(Array(ItemKind.resource.rawValue.utf8))),
          ControlField("pages", .integer(Int64(pages))),
          ControlField("listed", .integer(Int64(list.items.count))),
          ControlField("shown", .integer(Int64(list.items.count))),
        ])
    } catch {
      // It passes all the same: what is only reported is never a reason to withhold.
      report(
        "list",
        [
          ControlField("kind", .text(Array(ItemKind.resource.rawValue.utf8))),
          ControlField("failed", .boolean(true)),
        ])
    }
  }
}
