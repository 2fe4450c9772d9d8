import Control
import Digest
import JSON
import MCP
import Manifest

/// The items of one kind that a server lists, collected page by page.
struct ItemList {
  struct Entry {
    let kind: ItemKind
    let name: JSONString
    let digest: Digest
    /// The object as the server sent it, safe to put on a line.
    let raw: [UInt8]
    /// Present where the pins did not know the digest when the page came.
    let unknown: Item?

    /// What the item has a host render: URIs, of a tool.
    let interfaces: [JSONString]

    var pinned: PinnedItem {
      PinnedItem(kind: kind.rawValue, name: name.utf8, digest: digest.bytes)
    }
  }

  let kind: ListKind
  private(set) var items: [Entry] = []
  private var names: Set<JSONString> = []
  /// Names that are listed more than once, on one page or on two, with one content or several: which
  /// of them a host would mean is the server's choice, so that none is shown.
  private(set) var ambiguous: Set<JSONString> = []
  /// One more of each ambiguous name.
  private var repeated: [PinnedItem] = []
  /// The first page's `_meta`.
  private(set) var meta: [UInt8]?
  /// Whether the first page said that it is complete, as the modern era has it.
  private(set) var saysComplete = false
  private(set) var hadLifetime = false
  /// Why entries of the list were left out, to be told.
  private(set) var leftOut: [String] = []
  private var size = 0
  /// Bytes of the frame that reports the list, or a little more.
  private var reportSize = 1024

  init(_ kind: ListKind) {
    self.kind = kind
  }

  /// Adds a page.
  ///
  /// - Returns: the raw cursor of the next page; nil where this was the last.
  mutating func add(
    _ message: Received, _ result: ObjectView, isFirst: Bool, pins: Pins, limit: Int
  ) throws(ListError) -> [UInt8]? {
    guard !result.hasLookalike(of: [kind.member, "nextCursor"]) else { throw .lookalike }
    guard let member = result.member(kind.member), member.kind == .array else { throw .noItems }
    if let type = result.member("resultType"), message.line.string(type.value) != "complete" {
      throw .incomplete
    }
    if isFirst { keepFields(message, result) }
    for range in try elements(message.line, member.value) {
      size += range.count
      guard size <= limit else { throw .tooLarge }
      add(message.raw(range), pins)
      guard reportSize <= RelayReport.longestFrame else { throw .tooLarge }
      guard items.count <= SessionSettings.mostItems else { throw .tooMany }
    }
    guard let cursor = result.member("nextCursor"), cursor.kind == .string else { return nil }
    return message.raw(cursor.value)
  }

  /// What the list is, without what is ambiguous.
  var clear: [Entry] {
    ambiguous.isEmpty ? items : items.filter { !ambiguous.contains($0.name) }
  }

  /// What the supervisor is told: an ambiguous name is there twice, as it was listed.
  var present: [PinnedItem] { items.map(\.pinned) + repeated }

  var observed: ListState.Observed {
    ListState.Observed(
      items: Dictionary(items.map { ($0.name, $0.digest) }) { first, _ in first },
      ambiguous: ambiguous)
  }

  private func elements(_ line: Line, _ range: Range<Int>) throws(ListError) -> [Range<Int>] {
    do throws(JSONError) {
      return try unsafe JSONOutline.scan(line.bytes, in: range).elements
    } catch {
      throw .noItems
    }
  }

  private mutating func add(_ raw: [UInt8], _ pins: Pins) {
    let item: Item
    do throws(ItemError) {
      item = try Item.read(kind.item, raw)
    } catch {
      leftOut.append("unusable")
      return
    }
    if kind == .tools, item.name == Notice.name {
      leftOut.append("reserved-name")
      return
    }
    // The name, the digest and the lengths of the fields around them.
    let reported = item.name.utf8.count + 120
    guard names.insert(item.name).inserted else {
      guard ambiguous.insert(item.name).inserted else { return }
      leftOut.append("ambiguous-name")
      repeated.append(PinnedItem(item))
      reportSize += reported
      return
    }
    reportSize += reported
    let isUnknown = pins.state(item.kind, item.name, item.digest) == .unknown
    items.append(
      Entry(
        kind: item.kind, name: item.name, digest: item.digest, raw: raw,
        unknown: isUnknown ? item : nil,
        interfaces: kind == .tools ? InterfaceReference.uris(inTool: item.canonical) : []))
  }

  /// No other field of a page is passed on: who knows what a host makes of it. Cordon answers with
  /// one page, and says itself how long it may be kept.
  private mutating func keepFields(_ message: Received, _ result: ObjectView) {
    if let member = result.member("_meta"), member.kind == .object {
      meta = message.raw(member.value)
    }
    saysComplete = result.member("resultType") != nil
    hadLifetime = result.member("ttlMs") != nil || result.member("cacheScope") != nil
  }
}

/// Why a list could not be had; the raw value is the audit log's word.
enum ListError: String, Error {
  case noItems = "no-items"
  case lookalike = "lookalike-key"
  case incomplete
  case tooLarge = "too-large"
  case tooMany = "too-many"
  case tooManyPages = "too-many-pages"
  case timeout
  case serverError = "server-error"
}
