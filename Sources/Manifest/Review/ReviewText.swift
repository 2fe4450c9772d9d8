import Digest
import JSON

/// What a person is shown of one waiting item, by whichever way they are asked: a value, so that a
/// test can compare it.
///
/// All that a server wrote is made visible and stands behind a label, a sign or a margin.
public struct ReviewText: Sendable {
  /// No screen is narrower, in columns.
  public static let narrowest = 31

  public let server: String
  public let item: WaitingItem
  private let record: ServerRecord
  let findings: [Finding]
  /// What a careful reader had to mark in the approved content already.
  let known: [Finding]

  /// - Parameters:
  ///   - server: the server's name.
  ///   - record: the record that the item is from.
  public init(server: String, record: ServerRecord, item: WaitingItem) {
    self.server = server
    self.record = record
    self.item = item
    let names = NeighbourNames(record)
    findings = item.findings(beside: names)
    known = item.knownFindings(beside: names)
  }

  /// What is asked, the digest, what a careful reader would mark, a launch's command, and the
  /// difference.
  ///
  /// - Parameters:
  ///   - width: columns of the widest line; less than `narrowest` counts as that.
  ///   - folding: with `long`, the lines that say what was folded have a run of the style `folded`.
  public func lines(width: Int, folding: Folding = .long) -> [StyledLine] {
    let width = max(width, ReviewText.narrowest)
    var lines = heading(width) + [StyledLine()]
    lines += FindingText.lines(findings, except: folding == .nothing ? [] : known, width: width)
    if item.pin.key.kind == .launch {
      lines += LaunchText.lines(item.version.canonical, findings, width: width)
    }
    return lines + item.difference.lines(width: width - 2, folding: folding).map { $0.behind("  ") }
  }

  /// Everything, nothing folded: the difference, and behind it every field of the content.
  public func whole(width: Int) -> [StyledLine] {
    let width = max(width, ReviewText.narrowest)
    let lines = lines(width: width, folding: .nothing)
    guard item.difference.isComparison else { return lines }
    let every: Difference
    do throws(JSONError) {
      every = try Difference(kind: item.pin.key.kind, from: nil, to: item.version.canonical)
    } catch {
      // What is not JSON is no comparison, and stands above whole.
      return lines
    }
    return lines + [StyledLine(), StyledLine("  every field as it would be", .heading)]
      + every.lines(width: width - 2, folding: .nothing).map { $0.behind("  ") }
  }

  /// Whether a screen that asks, however wide, leaves out any of what changed.
  public static func isLong(_ item: WaitingItem) -> Bool {
    item.difference.lines(width: narrowest - 4, folding: .long).contains(where: \.isFold)
  }

  /// An item in a list of several: its name, and what changed, whole.
  public static func brief(_ item: WaitingItem, width: Int) -> [StyledLine] {
    let name: [Rendering.Piece] = [
      .own("\(item.pin.key.kind.rawValue) "), .server(item.pin.key.name.utf8[...]),
    ]
    let lines = Rendering.wrapped(name, width: width - 4).enumerated().map {
      $0 == 0 ? $1.behind("  ") : $1.behind("  : ", .faint)
    }
    return lines
      + item.difference.lines(width: width - 4, folding: .nothing).map { $0.behind("    ") }
  }

  /// One plain sentence of Cordon's own: what is asked.
  public var question: String {
    let kind = item.pin.key.kind
    if kind == .launch, let old = record.lineage, let new = item.version.lineage, old != new {
      let decided = record.sorted.filter { other in
        other.key.kind != .launch && (other.approved != nil || !other.rejected.isEmpty)
      }
      return "Another program than the approved one would be started under this name; approving "
        + "it drops \(decided.count) decisions about the earlier one."
    }
    let what = kind.subject
    if item.approved != nil { return "\(what) changed since it was approved." }
    if item.renamed != nil {
      return "\(what) is new, and much like one that is approved and no longer listed."
    }
    if record[item.pin.key]?.rejected.isEmpty == false {
      return "\(what) changed since it was rejected."
    }
    return kind.isSingle ? "\(what) waits to be approved." : "\(what) is new."
  }

  private func heading(_ width: Int) -> [StyledLine] {
    let key = item.pin.key
    var lines = Rendering.wrapped([.own(question, .heading)], width: width - 2)
    if item.difference.isComparison {
      lines += Rendering.wrapped([.own(item.difference.summary.sentence + ".")], width: width - 2)
    }
    lines = lines.map { $0.behind("  ") } + [StyledLine()]
    lines += field("server", server.utf8, width)
    lines += field("kind", key.kind.rawValue.utf8, width)
    if !key.kind.isSingle { lines += field("name", key.name.utf8, width) }
    if let renamed = item.renamed { lines += field("was", renamed.name.utf8, width) }
    return lines + field("digest", item.pin.digest.hex.utf8, width)
  }

  private func field(
    _ label: String, _ text: some Sequence<UInt8>, _ width: Int
  ) -> [StyledLine] {
    let padding = String(repeating: " ", count: 8 - label.count)
    return Rendering.lines([.server(Array(text)[...])], width: width - 10).enumerated().map {
      $0 == 0 ? $1.behind("  \(label)\(padding)") : $1.behind("          ")
    }
  }
}

extension WaitingItem {
  /// What a careful reader would mark in the content that waits.
  public func findings(beside names: NeighbourNames) -> [Finding] {
    Finding.all(kind: pin.key.kind, canonical: version.canonical, beside: names)
  }

  /// What one had to mark in the approved content already.
  public func knownFindings(beside names: NeighbourNames) -> [Finding] {
    guard let approved else { return [] }
    return Finding.all(kind: pin.key.kind, canonical: approved.canonical, beside: names)
  }
}

extension ItemKind {
  /// At the beginning of a sentence.
  fileprivate var subject: String {
    switch self {
    case .launch: "The way this server is started"
    case .capabilities: "What this server declares that it can do"
    case .instructions: "The server's instructions, which the model reads,"
    case .tool: "This tool"
    case .uiResource: "This page, which the host shows for a tool,"
    case .prompt: "This prompt"
    case .resourceTemplate: "This resource template"
    case .resource: "This resource"
    }
  }
}
