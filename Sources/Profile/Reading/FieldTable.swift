/// What a build does with a field.
enum Enforcement: Sendable {
  /// Any valid value is carried out.
  case enforced
  /// A word: the first list is carried out, the second is known and not carried out yet.
  case words([String], later: [String] = [])
  /// Carried out while it grants nothing: a list or an object must be empty.
  case empty
  /// Known by name only.
  case later
}

/// One field, or an object of fields.
struct Field: Sendable {
  /// Where a field can stand.
  enum Place: Sendable { case profile, definition, both }

  /// `*` for keys that the writer chooses.
  let key: String
  let enforcement: Enforcement
  let place: Place
  /// Whether it names a program to run, which a profile named by its path can't do.
  let namesProgram: Bool
  /// Empty for a field.
  let members: [Field]
  /// The fields of a list's elements that are objects; what else an element can be, the decoder says.
  let elements: [Field]

  init(
    _ key: String, _ enforcement: Enforcement = .enforced, in place: Place = .both,
    namesProgram: Bool = false, members: [Field] = [], elements: [Field] = []
  ) {
    self.key = key
    self.enforcement = enforcement
    self.place = place
    self.namesProgram = namesProgram
    self.members = members
    self.elements = elements
  }

  func stands(in place: Place) -> Bool { self.place == .both || self.place == place }

  /// Whether this build enforces it, or something in it, so that it is worth suggesting.
  var isUsable: Bool {
    if case .later = enforcement { return false }
    return members.isEmpty || members.contains(where: \.isUsable)
  }
}

/// Every field that a profile or a server's definition can have. This is the one place that says
/// which of them this build enforces: a field that it does not enforce stops the launch.
enum FieldTable {
  private static let path = [Field("path"), Field("optional")]

  private static let destination = [
    Field("host"), Field("address"), Field("ports"),
    Field("protocol", .words(NetworkProtocol.allCases.map(\.rawValue))),
    Field("sni", .words(ServerNameRule.allCases.map(\.rawValue))), Field("private"),
  ]

  private static func flow(_ object: String) -> [Field] {
    FlowLimit.keys(of: object).map { Field($0) }
  }

  static let fields: [Field] = [
    Field("description"),
    Field("extends", in: .profile),
    Field("command", in: .definition),
    Field("args", in: .definition),
    Field("profile", in: .definition),
    Field("packages", .words(["installed", "fetch"])),
    Field("identity", .words(["separate", "caller"])),
    Field(
      "filesystem",
      members: [
        Field("readOnly", elements: path),
        Field("readWrite", elements: path),
        Field("home", .words(["private", "temporary"])),
        Field("temporary"),
        Field("sockets", elements: path),
      ]),
    Field(
      "network",
      members: [
        Field("allow", elements: destination),
        Field("deny", elements: destination),
        Field("expose", .empty),
        Field("upstream", .later),
        Field("proxyVariables", .later),
      ]),
    Field("environment", members: [Field("pass"), Field("set", members: [Field("*")])]),
    Field(
      "secrets",
      members: [
        Field(
          "*",
          members: [
            Field("from"),
            Field("deliver", .words(["environment"], later: ["egress"])),
            Field("hosts", .empty),
          ])
      ]),
    Field(
      "system",
      members: [
        Field("syscalls", .words(["default", "strict"])),
        Field("allow"),
        Field("deny"),
      ]),
    Field(
      "limits",
      members: [
        Field("memory"),
        Field("swap"),
        Field("processes"),
        Field("cpus"),
        Field("openFiles"),
        Field("fileSize"),
        Field("addressSpace"),
        Field("messageSize"),
      ] + flow("limits")),
    Field(
      "tools",
      members: [
        Field("allow", .later),
        Field("deny", .empty),
        Field("confirm", .empty),
      ]),
    // Everything that the protocol has is allowed where nothing is said. Of what it does not have,
    // below `extensions`, below `experimental` or beside the capabilities, only what is named
    // passes: it could carry definitions that no pin looks at. `tasks` decides about its extension
    // too, named or not.
    Field(
      "protocol",
      members: Capability.allCases.map {
        Field($0.rawValue, .words(CapabilityRule.allCases.map(\.rawValue)))
      } + [Field("extensions")]),
    Field(
      "manifest",
      members: [
        Field("firstUse", .words(["ask", "trust"])),
        Field("onChange", .words(["withhold"])),
        Field("text", .words(["withhold", "report"])),
        Field("structure", .words(["withhold", "report"])),
        Field("annotations", .words(["weakening", "withhold", "report"])),
        Field("appearance", .words(["withhold", "report"])),
        Field("resources", .words(["report", "withhold"])),
        Field("findings", .words(["show", "withhold"])),
        Field("notice", .words(["show", "none"])),
      ]),
    Field("audit", members: [Field("arguments", .words(["omit", "digest"], later: ["full"]))]),
    Field("workingDirectory"),
    Field("accept"),
    Field(
      "approval",
      members: [
        Field("elicitation", .words(["deny", "allow"])),
        Field("program", namesProgram: true),
      ]),
    Field("arguments", .later),
    Field("launch", .words(["trust", "ask"])),
    Field("rates", members: flow("rates")),
    Field("restart", .later),
    Field("timeouts", members: flow("timeouts")),
  ]
}
