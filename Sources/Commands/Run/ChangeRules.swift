import Manifest
import Profile

/// The profile's rules about definitions and their changes, as the session is given them.
enum ChangeRules {
  static func policy(_ manifest: ResolvedProfile.Manifest) -> ChangePolicy {
    ChangePolicy(
      text: rule(manifest.text.value), structure: rule(manifest.structure.value),
      annotations: hintRule(manifest.annotations.value),
      appearance: rule(manifest.appearance.value),
      findings: manifest.findings.value == .show ? .show : .withhold,
      withholdsResources: manifest.resources.value == .withhold)
  }

  private static func rule(_ rule: ChangeRule) -> ChangePolicy.Rule {
    switch rule {
    case .withhold: .withhold
    case .report: .report
    }
  }

  private static func hintRule(_ rule: AnnotationRule) -> ChangePolicy.HintRule {
    switch rule {
    case .weakening: .weakening
    case .withhold: .withhold
    case .report: .report
    }
  }

  /// What differs from the default: a launch that says nothing stays what was approved. A stricter
  /// rule is among it, since leaving it out again is a weakening.
  static func pinned(_ manifest: ResolvedProfile.Manifest) -> [String] {
    let rules: [(String, String, String)] = [
      ("text", manifest.text.value.rawValue, ChangeRule.withhold.rawValue),
      ("structure", manifest.structure.value.rawValue, ChangeRule.withhold.rawValue),
      ("annotations", manifest.annotations.value.rawValue, AnnotationRule.weakening.rawValue),
      ("appearance", manifest.appearance.value.rawValue, ChangeRule.withhold.rawValue),
      ("resources", manifest.resources.value.rawValue, ResourceRule.report.rawValue),
      ("findings", manifest.findings.value.rawValue, FindingRule.show.rawValue),
    ]
    return rules.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1)" }
  }
}
