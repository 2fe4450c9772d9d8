/// Which changes of an approved item pass without a person, by the class of what changed.
///
/// A change passes where every entry of its difference may; it is then approved by rule, which the
/// history and the audit log tell. A new item never passes.
public struct ChangePolicy: Hashable, Sendable {
  public enum Rule: String, CaseIterable, Sendable {
    /// Waits for a person.
    case withhold
    /// Approved by rule, and reported.
    case report
  }

  public enum HintRule: String, CaseIterable, Sendable {
    /// What is merely left out passes; a hint that is weakened or newly promised waits.
    case weakening
    case withhold
    case report
  }

  public enum FindingRule: String, CaseIterable, Sendable {
    /// They are shown and decide nothing.
    case show
    /// No rule approves what has one: neither this policy nor a first use.
    case withhold
  }

  public var text: Rule
  public var structure: Rule
  public var annotations: HintRule
  public var appearance: Rule
  public var findings: FindingRule
  /// Whether resources are withheld like everything else, and not only reported.
  public var withholdsResources: Bool

  public init(
    text: Rule = .withhold, structure: Rule = .withhold, annotations: HintRule = .weakening,
    appearance: Rule = .withhold, findings: FindingRule = .show, withholdsResources: Bool = false
  ) {
    self.text = text
    self.structure = structure
    self.annotations = annotations
    self.appearance = appearance
    self.findings = findings
    self.withholdsResources = withholdsResources
  }

  /// Whether all of a change may pass. Nothing that is no comparison of two contents may.
  public func passes(_ difference: Difference) -> Bool {
    difference.isComparison && !difference.isEmpty && difference.entries.allSatisfy(passes)
  }

  private func passes(_ entry: Difference.Entry) -> Bool {
    switch entry.fieldClass {
    case .modelText: text == .report
    case .structure: structure == .report
    case .appearance: appearance == .report
    case .hints:
      switch annotations {
      case .report: true
      case .withhold: false
      case .weakening: entry.smallness == .omission
      }
    }
  }
}
