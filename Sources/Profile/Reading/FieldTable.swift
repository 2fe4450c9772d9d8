/// What a build does with a field.
enum Enforcement: Sendable {
  /// Any valid value is carried out.
  case enforced
  /// A word: the first list is carried out, the second is known and not carried out yet.
  case words([String], later: [String])
  /// Carried out while it grants nothing: a list or an object must be empty.
  case empty
  /// Known by name only.
  case later
}

/// One field: its path, with `*` for a key that the writer chooses.
struct Field: Sendable {
  enum Place: Sendable { case profile, definition, both }

  let path: String
  let enforcement: Enforcement
  let place: Place
  /// Whether it names a program to run, which a profile named by its path can't do.
  let namesProgram: Bool

  init(
    _ path: String, _ enforcement: Enforcement = .enforced, in place: Place = .both,
    namesProgram: Bool = false
  ) {
    self.path = path
    self.enforcement = enforcement
    self.place = place
    self.namesProgram = namesProgram
  }
}

/// Every field that a profile or a server's definition can have. This is the one place that says
/// which of them this build enforces: a field that it does not enforce stops the launch.
enum FieldTable {
  static let fields: [Field] = [
    Field("description"),
    Field("extends", in: .profile),
    Field("command", in: .definition),
    Field("args", in: .definition),
    Field("profile", in: .definition),
    Field("identity", .words(["separate", "caller"], later: [])),

    Field("filesystem.readOnly"),
    Field("filesystem.readWrite"),
    Field("filesystem.home", .words(["private", "temporary"], later: [])),
    Field("filesystem.temporary"),
    Field("filesystem.sockets", .empty),

    Field("network.allow", .empty),
    Field("network.expose", .empty),
    Field("network.upstream", .later),
    Field("network.proxyVariables", .later),

    Field("environment.pass"),
    Field("environment.set.*"),

    Field("secrets.*.from"),
    Field("secrets.*.deliver", .words(["environment"], later: ["egress"])),
    Field("secrets.*.hosts", .empty),

    Field("system.syscalls", .words(["default"], later: ["strict"])),
    Field("system.allow"),
    Field("system.deny"),

    Field("limits.memory", .later),
    Field("limits.processes"),
    Field("limits.cpus", .later),
    Field("limits.openFiles"),
    Field("limits.messageSize"),

    Field("tools.allow", .later),
    Field("tools.deny", .empty),
    Field("tools.confirm", .empty),

    // Nothing is taken out of what either side declares, so that only "allow" is true.
    Field("protocol.sampling", .words(["allow"], later: ["deny"])),
    Field("protocol.elicitation", .words(["allow"], later: ["deny"])),
    Field("protocol.roots", .words(["allow"], later: ["deny"])),

    Field("manifest.firstUse", .words(["ask", "trust"], later: [])),
    Field("manifest.onChange", .words(["withhold"], later: [])),
    Field("manifest.annotations", .words(["weakening"], later: [])),
    Field("manifest.notice", .words(["show", "none"], later: [])),

    Field("audit.arguments", .words(["omit", "digest"], later: ["full"])),

    Field("workingDirectory"),
    Field("accept"),

    Field("approval.program", .later, namesProgram: true),
    Field("arguments", .later),
    Field("launch", .later),
    Field("rates", .later),
    Field("restart", .later),
    Field("timeouts", .later),
  ]

  private static let byPath: [String: Field] = Dictionary(
    uniqueKeysWithValues: fields.map { ($0.path, $0) })

  static func field(at path: String, in place: Field.Place) -> Field? {
    guard let field = byPath[path], field.place == .both || field.place == place else { return nil }
    return field
  }

  /// The keys that an object at this path can have, in the table's order. `["*"]` where the
  /// writer chooses them; empty where the path is no object.
  static func keys(below path: String, in place: Field.Place) -> [String] {
    childKeys[path]?.filter { $0.places.contains(place) || $0.places.contains(.both) }.map(\.key)
      ?? []
  }

  /// The keys worth suggesting: those with something below them that this build enforces.
  static func suggestions(below path: String, in place: Field.Place) -> [String] {
    keys(below: path, in: place).filter { key in
      let child = path.isEmpty ? key : "\(path).\(key)"
      return fields.contains { field in
        if case .later = field.enforcement { return false }
        return field.path == child || field.path.hasPrefix("\(child).")
      }
    }
  }

  private static let childKeys: [String: [(key: String, places: [Field.Place])]] = {
    var result: [String: [(key: String, places: [Field.Place])]] = [:]
    for field in fields {
      let components = field.path.split(separator: ".").map(String.init)
      for depth in components.indices {
        let parent = components[..<depth].joined(separator: ".")
        let key = components[depth]
        if let known = result[parent]?.firstIndex(where: { $0.key == key }) {
          result[parent]?[known].places.append(field.place)
        } else {
          result[parent, default: []].append((key, [field.place]))
        }
      }
    }
    return result
  }()
}
