/// One thing that the doctor looked at.
struct DoctorRow: Equatable {
  enum Verdict: String, CaseIterable {
    case ok
    /// `cordon run` does without, in a weaker way that is named, or for what it is not asked for.
    case absent
    /// Without it `cordon run` does not work with the default profile.
    case missing
  }

  /// A word that stays the same over versions.
  let id: String
  let verdict: Verdict
  /// One line: what is there, or what failed.
  let detail: String
  /// The way to get it.
  let hint: String?

  init(_ id: String, _ verdict: Verdict, _ detail: String, hint: String? = nil) {
    self.id = id
    self.verdict = verdict
    self.detail = detail
    self.hint = hint
  }
}
