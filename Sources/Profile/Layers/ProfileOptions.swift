/// The command line's options that change a profile, as they were written.
public struct ProfileOptions: Sendable, Equatable {
  /// `--profile NAME|PATH`, in order.
  public var profiles: [String] = []
  /// `--read-only PATH`
  public var readOnly: [String] = []
  /// `--read-write PATH`
  public var readWrite: [String] = []
  /// `--allow HOST:PORT`
  public var allow: [String] = []
  /// `--env NAME[=VALUE]`
  public var environment: [String] = []
  /// `--secret NAME=SOURCE`
  public var secrets: [String] = []
  /// `--identity separate|caller`
  public var identity: String?
  /// `--accept WEAKNESS`
  public var accept: [String] = []
  /// `--first-use ask|trust`
  public var firstUse: String?

  public init() {}

  /// The last layer of a launch; `extends` holds the profiles.
  ///
  /// - Throws: the first option that is wrong, with exit code 64.
  func layer(_ expansion: PathExpansion) throws(ProfileError) -> ProfileLayer {
    var layer = ProfileLayer()
    layer.extends = try read("--profile", profiles) { (text) throws(ValueFault) in
      try ProfileReference.parse(text, expansion: expansion)
    }
    let path = { (text: String) throws(ValueFault) in
      PathGrant(try GrantPath.parse(text, expansion: expansion))
    }
    layer.readOnly = try read("--read-only", readOnly, path)
    layer.readWrite = try read("--read-write", readWrite, path)
    layer.networkAllow = try read("--allow", allow) { (text) throws(ValueFault) in
      try DestinationText.parse(text, for: .grant)
    }
    layer.variables = try read("--env", environment, OptionRule.variable)
    layer.secrets = try read("--secret", secrets) { (text) throws(ValueFault) in
      try OptionRule.secret(text, expansion)
    }
    try refuseRepeated("--env", layer.variables.map(\.value.name), [])
    try refuseRepeated(
      "--secret", layer.secrets.map(\.value.name), layer.variables.map(\.value.name))
    layer.identity = try choice("--identity", identity, of: Identity.self)
    layer.accept = try read("--accept", accept, Weakness.named)
    layer.manifest.firstUse = try choice("--first-use", firstUse, of: FirstUse.self)
    return layer
  }

  private func read<Value: Sendable>(
    _ option: String, _ texts: [String], _ rule: (String) throws(ValueFault) -> Value
  ) throws(ProfileError) -> [Sourced<Value>] {
    var values: [Sourced<Value>] = []
    for text in texts {
      do throws(ValueFault) {
        values.append(Sourced(try rule(text), .option(option)))
      } catch {
        throw ProfileError(error, at: .option(option))
      }
    }
    return values
  }

  private func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ option: String, _ text: String?, of type: Choice.Type
  ) throws(ProfileError) -> Sourced<Choice>? where Choice.RawValue == String {
    guard let text else { return nil }
    let values: [Sourced<Choice>] = try read(option, [text]) { (text) throws(ValueFault) in
      try OptionRule.choice(text)
    }
    return values.last
  }

  private func refuseRepeated(
    _ option: String, _ names: [String], _ others: [String]
  ) throws(ProfileError) {
    var seen = Set(others)
    for name in names where !seen.insert(name).inserted {
      throw ProfileError(.conflict, "\(name) is given twice", at: .option(option))
    }
  }
}
