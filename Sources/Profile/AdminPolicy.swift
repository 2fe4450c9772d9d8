import JSON

/// What the administrator says for all users of the machine: bounds that no profile may exceed.
///
/// It has the fields that this build can bound, each with the one word that bounds it; anything
/// else in the file is an error, and so is a profile that asks for more.
struct AdminPolicy {
  private let launch: Sourced<LaunchRule>?
  private let elicitation: Sourced<AskingRule>?

  static let fields = [
    Field("launch", .words([LaunchRule.ask.rawValue])),
    Field("approval", members: [Field("elicitation", .words([AskingRule.deny.rawValue]))]),
  ]

  init(_ root: Cursor) throws(ProfileError) {
    var check = FieldCheck(place: .profile, trust: .administrator)
    try check.check(root, against: Self.fields)
    launch = try root.child("launch")?.choice()
    elicitation = try root.child("approval")?.child("elicitation")?.choice()
  }

  /// Puts the bounds in place of what nobody has asked for.
  ///
  /// - Throws: `exceedsPolicy` where somebody has written another value.
  func bound(_ layer: inout ProfileLayer) throws(ProfileError) {
    layer.launch = try Self.bound(layer.launch, by: launch, "launch")
    layer.elicitation = try Self.bound(layer.elicitation, by: elicitation, "approval.elicitation")
  }

  private static func bound<Rule: RawRepresentable & Equatable>(
    _ given: Sourced<Rule>?, by bound: Sourced<Rule>?, _ field: String
  ) throws(ProfileError) -> Sourced<Rule>? where Rule.RawValue == String {
    guard let bound else { return given }
    if let given, given.value != bound.value, !given.origin.isCordons {
      throw ProfileError(
        .exceedsPolicy,
        "\"\(field)\": \"\(given.value.rawValue)\" exceeds what this machine's administrator allows",
        at: given.origin, hint: "\(bound.origin) says \"\(bound.value.rawValue)\"")
    }
    return bound
  }
}
