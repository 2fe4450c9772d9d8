import Control
import Digest
import JSON
import MCP
import Manifest

/// The tools that a server lists, collected page by page.
struct ToolList {
  struct Tool {
    let name: JSONString
    let digest: Digest
    /// The object as the server sent it, safe to put on a line.
    let raw: [UInt8]
    /// Present where the pins did not know the digest when the page came.
    let unknown: Item?

    var pinned: PinnedItem {
      PinnedItem(kind: ItemKind.tool.rawValue, name: name.utf8, digest: digest.bytes)
    }
  }

  private(set) var tools: [Tool] = []
  private var places: [JSONString: Int] = [:]
  /// Names that two different definitions claim: neither is shown.
  private(set) var ambiguous: Set<JSONString> = []
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

  /// Adds a page.
  ///
  /// - Returns: the raw cursor of the next page; nil where this was the last.
  mutating func add(
    _ message: Received, _ result: ObjectView, isFirst: Bool, pins: Pins, limit: Int
  ) throws(ListError) -> [UInt8]? {
    guard !result.hasLookalike(of: ["tools", "nextCursor"]) else { throw .lookalike }
    guard let member = result.member("tools"), member.kind == .array else { throw .noTools }
    if let type = result.member("resultType"), message.line.string(type.value) != "complete" {
      throw .incomplete
    }
    if isFirst { keepFields(message, result) }
    for range in try elements(message.line, member.value) {
      size += range.count
      guard size <= limit else { throw .tooLarge }
      add(message.raw(range), pins)
      guard reportSize <= RelayReport.longestFrame else { throw .tooLarge }
      guard tools.count <= SessionSettings.mostTools else { throw .tooMany }
    }
    guard let cursor = result.member("nextCursor"), cursor.kind == .string else { return nil }
    return message.raw(cursor.value)
  }

  /// What the list is, without what is ambiguous.
  var clear: [Tool] { tools.filter { !ambiguous.contains($0.name) } }

  private func elements(_ line: Line, _ range: Range<Int>) throws(ListError) -> [Range<Int>] {
    do throws(JSONError) {
      return try unsafe JSONOutline.scan(line.bytes, in: range).elements
    } catch {
      throw .noTools
    }
  }

  private mutating func add(_ raw: [UInt8], _ pins: Pins) {
    let item: Item
    do throws(ItemError) {
      item = try Item.tool(fromRaw: raw)
    } catch {
      leftOut.append("unusable")
      return
    }
    if item.name == Notice.name {
      leftOut.append("reserved-name")
      return
    }
    if let place = places[item.name] {
      if tools[place].digest != item.digest, ambiguous.insert(item.name).inserted {
        leftOut.append("ambiguous-name")
      }
      return
    }
    places[item.name] = tools.count
    // The name, the digest and the lengths of the fields around them.
    reportSize += item.name.utf8.count + 120
    let isUnknown = pins.state(.tool, item.name, item.digest) == .unknown
    tools.append(
      Tool(name: item.name, digest: item.digest, raw: raw, unknown: isUnknown ? item : nil))
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
  case noTools = "no-tools"
  case lookalike = "lookalike-key"
  case incomplete
  case tooLarge = "too-large"
  case tooMany = "too-many"
  case tooManyPages = "too-many-pages"
  case timeout
  case serverError = "server-error"
}
