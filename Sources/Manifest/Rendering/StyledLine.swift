/// One line to show a person, in parts of which each has a style. What the styles look like is the
/// screen's business; nothing is said by a style alone.
public struct StyledLine: Equatable, Sendable {
  public enum Style: Equatable, Sendable {
    case plain
    /// A heading of Cordon's own.
    case heading
    /// What the eye may pass over.
    case faint
    case removed, added
    /// A word that changed, on either side.
    case removedWord, addedWord
    /// What a careful reader would stop at.
    case warning
    /// Says that something was left out here, and how much.
    case folded
  }

  public struct Run: Equatable, Sendable {
    public let text: String
    public let style: Style

    public init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  public private(set) var runs: [Run]

  public init(_ runs: [Run]) {
    self.runs = runs
  }

  public init(_ text: String = "", _ style: Style = .plain) {
    runs = text.isEmpty ? [] : [Run(text, style)]
  }

  /// Without the styles. Safe for a terminal, as every run is.
  public var text: String { runs.map(\.text).joined() }

  /// Whether it stands for more than it shows.
  public var isFold: Bool { runs.contains { $0.style == .folded } }

  /// The line behind something else, such as a margin.
  func behind(_ text: String, _ style: Style = .plain) -> StyledLine {
    StyledLine(text.isEmpty ? runs : [Run(text, style)] + runs)
  }
}
