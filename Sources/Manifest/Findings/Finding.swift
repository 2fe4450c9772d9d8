import JSON

/// Something in a definition that a careful reader would mark, and where it stands.
///
/// It informs: it neither approves nor withholds anything, unless the profile says that no rule may
/// approve what has one.
public struct Finding: Hashable, Sendable {
  public let path: FieldPath
  public let rule: Rule
  /// What it is, in words of Cordon's own.
  public let sentence: String
  /// The server's own bytes around it, to be made visible before they are shown. Empty where there is
  /// nothing to quote.
  public let excerpt: [UInt8]

  /// Findings of one rule in one content at most, so that many harmless ones hide no other; a last
  /// finding then says how many more there are of which rules.
  public static let limit = 5

  /// All of a content, in the order of its fields; where some are only counted, in that of `Rule`.
  ///
  /// - Parameter record: what else the server offers, for what depends on that. Who asks about many
  ///   contents of one record makes its `NeighbourNames` once.
  public static func all(
    kind: ItemKind, canonical: [UInt8], in record: ServerRecord
  ) -> [Finding] {
    all(kind: kind, canonical: canonical, beside: NeighbourNames(record))
  }

  /// The same.
  ///
  /// - Parameter names: of the record that the content is from.
  public static func all(
    kind: ItemKind, canonical: [UInt8], beside names: NeighbourNames
  ) -> [Finding] {
    let node: JSONNode
    do throws(JSONError) {
      node = try JSONReader.parse(canonical)
    } catch {
      return [
        Finding(
          path: FieldPath(), rule: .unreadable, sentence: "this is not JSON: \(error)", excerpt: [])
      ]
    }
    let name = node[kind.nameKey]?.string
    let tools = ToolNameRules(names.tools, own: kind == .tool ? name : nil)
    var search = FindingSearch(kind: kind, tools: tools)
    if kind == .launch {
      for finding in LaunchRules.findings(node) { search.add(finding) }
    }
    search.walk(node, at: FieldPath(), .root)
    if let name, !kind.isSingle { search.relate(name, to: names) }
    return search.bounded
  }
}

extension Finding {
  /// The gravest first, of those that one kind can have. The raw value is stable: it is in JSON
  /// output.
  public enum Rule: String, CaseIterable, Sendable {
    case unreadable
    /// Characters of no width, fillers and other blanks that are no space.
    case invisibleCharacters = "invisible-characters"
    /// Letters of the tag block, which repeat ASCII invisibly.
    case tagCharacters = "tag-characters"
    /// Characters that change the order in which text is shown.
    case bidirectionalControls = "bidirectional-controls"
    case variationSelectors = "variation-selectors"
    /// Sequences that a terminal carries out.
    case terminalSequences = "terminal-sequences"
    case controlCharacters = "control-characters"
    /// Letters of another script that look like those of ASCII.
    case lookalikeLetters = "lookalike-letters"
    /// The name is another's but for case or letters that look alike.
    case lookalikeName = "lookalike-name"
    case hiddenBySpace = "hidden-by-space"
    case hiddenMarkup = "hidden-markup"
    case secrecy, override
    case callOrder = "call-order"
    case command
    case pseudoTag = "pseudo-tag"
    case roleMarker = "role-marker"
    case otherTool = "other-tool"
    case contextRequest = "context-request"
    case contextParameter = "context-parameter"
    case secretParameter = "secret-parameter"
    case secretPath = "secret-path"
    case shellCommand = "shell-command"
    case url
    case ipAddress = "ip-address"
    case mailAddress = "mail-address"
    case encodedBlob = "encoded-blob"
    case escapedText = "escaped-text"
    case longText = "long-text"
    // Of launches:
    case privilege, destructive
    case inlineCode = "inline-code"
    case shellPipe = "shell-pipe"
    case networkTool = "network-tool"
    case containerTool = "container-tool"
    case homePath = "home-path"
    case systemPath = "system-path"
    case steeringVariable = "steering-variable"
    case unpinnedCode = "unpinned-code"
    case weakness
    /// More of what was found than is listed.
    case more
  }
}
