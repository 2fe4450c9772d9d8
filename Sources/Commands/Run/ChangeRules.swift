import Profile

/// The profile's rules about definitions and their changes, as the session is given them.
enum ChangeRules {
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
