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
    /// The object as the server sent it, safe to put on a line; a part of its page where that was
    /// one line.
    let raw: ArraySlice<UInt8>
    /// Present where the pins did not know the digest when the page came.
    var unknown: Item?

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
  /// What the first page's `_meta` has of the protocol's own.
  private(set) var meta: [UInt8]?
  /// Whether the first page said that it is complete, as the modern era has it.
  private(set) var saysComplete = false
  private(set) var hadLifetime = false
  /// Why entries of the list were left out, to be told.
  private(set) var leftOut: [String] = []
  /// The pages as they came; nil where they are not to be remembered.
  var pages: [ListPage]? = []
  var pagesSize = 0
  /// What is shown of it, by the pins of that number.
  var judgement: (pins: UInt64, shown: [Entry])?
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
    let ranges = try elements(message.line, member.value)
    // One copy for all of them.
    let line = message.isOneLine ? message.line.copy(0..<message.line.count) : []
    var reader = unsafe ItemReader(message.line.bytes)
    items.reserveCapacity(items.count + min(ranges.count, SessionSettings.mostItems))
    for range in ranges {
      size += range.count
      guard size <= limit else { throw .tooLarge }
      add(&reader, range, raw: message.isOneLine ? line[range] : message.raw(range)[...], pins)
      guard reportSize <= RelayReport.longestFrame else { throw .tooLarge }
      guard items.count <= SessionSettings.mostItems else { throw .tooMany }
    }
    let next = result.member("nextCursor").flatMap { $0.kind == .string ? $0.value : nil }
    let cursor = next.map { message.raw($0) }
    remember(message, line, cursor: cursor)
    return cursor
  }

  /// Whether any of them has the host render something.
  var hasInterfaces: Bool { items.contains { !$0.interfaces.isEmpty } }

  /// Lets go of contents: what has been reported is known.
  mutating func forgetContents() {
    guard items.contains(where: { $0.unknown != nil }) else { return }
    for index in items.indices { items[index].unknown = nil }
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

  private mutating func add(
    _ reader: inout ItemReader, _ range: Range<Int>, raw: ArraySlice<UInt8>, _ pins: Pins
  ) {
    let item: Pin
    do throws(ItemError) {
      item = try reader.read(kind.item, range)
    } catch {
      leftOut.append("unusable")
      return
    }
    if kind == .tools, item.key.name == Notice.name {
      leftOut.append("reserved-name")
      return
    }
    // The name, the digest and the lengths of the fields around them.
    let reported = item.key.name.utf8.count + 120
    guard names.insert(item.key.name).inserted else {
      guard ambiguous.insert(item.key.name).inserted else { return }
      leftOut.append("ambiguous-name")
      repeated.append(PinnedItem(item))
      reportSize += reported
      return
    }
    reportSize += reported
    let pinned = PinnedItem(item)
    items.append(
      Entry(
        kind: item.key.kind, name: item.key.name, digest: item.digest, raw: raw,
        unknown: pins.state(of: pinned) == .unknown ? reader.item(item) : nil,
        interfaces: kind == .tools
          ? unsafe reader.withCanonical { unsafe InterfaceReference.uris(inTool: $0) } : []))
  }

  /// Nothing else of a page is passed on, and of its `_meta` only what the protocol defines: nobody
  /// approves the rest, and who knows what a host makes of it. Cordon answers with one page, and says
  /// itself how long it may be kept.
  private mutating func keepFields(_ message: Received, _ result: ObjectView) {
    if let view = result.object(MetaKey.meta) {
      let isKept = view.outline.members.map { member in
        unsafe JSONOutline.key(of: member, in: message.line.bytes).utf8
          .starts(with: "io.modelcontextprotocol/".utf8)
      }
      if isKept.contains(true) {
        let dropped = zip(view.outline.members, isKept).filter { !$1 }.map { $0.0 }
        let bytes = view.rewritten(dropped.map { ($0, nil) })
        meta =
          message.isOneLine
          ? bytes : unsafe bytes.withUnsafeBytes { unsafe OneLine.rewrite($0) }
      }
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
