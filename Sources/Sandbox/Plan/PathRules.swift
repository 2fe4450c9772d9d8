import Confinement

/// Landlock's rules for a server: the plan's view of the disk once more, from its own steps, so that
/// both walls say the same.
///
/// A directory's rights reach everything beneath it and cannot be taken back further down: what is
/// read-only inside something writable is so by its mount alone.
enum PathRules {
  /// Whatever can be read can be listed, and every directory on the way to it.
  static let list: PathRights = [.readDirectory]
  static let read: PathRights = [.readFile, .readDirectory]
  /// Nothing makes device nodes. Sockets that the server makes it can connect to without a right;
  /// others that turn up beside its files are somebody else's.
  static let write: PathRights = [
    .readFile, .readDirectory, .writeFile, .truncate, .removeFile, .removeDirectory, .makeFile,
    .makeDirectory, .makeLink, .makePipe, .makeSocket, .refer,
  ]
  /// `isatty` and its like are to get the device's own answer.
  static let devices: PathRights = [.readFile, .readDirectory, .writeFile, .controlDevice]

  /// In the order of the steps, without those that another one gives already.
  static func rules(of steps: [Step]) -> [PathRule] {
    let sources = steps.compactMap { if case .openSource(let source) = $0 { source } else { nil } }
    var rules = [PathRule("/", list)]
    // By bytes: a `String` takes two names for one where they only look the same.
    var places: [[UInt8]: Int] = [:]
    for case let rule? in steps.map({ rule(of: $0, sources) }) {
      let key = Array(rule.path.utf8)
      if let place = places[key] {
        rules[place] = PathRule(rule.path, rules[place].rights.union(rule.rights))
      } else {
        places[key] = rules.count
        rules.append(rule)
      }
    }
    return rules.filter { rule in
      !rules.contains { isAbove($0.path, rule.path) && $0.rights.isSuperset(of: rule.rights) }
    }
  }

  /// The plan's paths are absolute and normal already, and every launch compares some hundred.
  private static func isAbove(_ directory: String, _ path: String) -> Bool {
    let (directory, path) = (directory.utf8, path.utf8)
    if directory.count >= path.count || !path.starts(with: directory) { return false }
    return directory.count == 1 || path.dropFirst(directory.count).first == UInt8(ascii: "/")
  }

  private static func rule(of step: Step, _ sources: [Source]) -> PathRule? {
    switch step {
    case .bind(let index, let path, let kind):
      guard sources.indices.contains(index) else { return nil }
      let source = sources[index]
      if kind == .socket { return PathRule(path, [.readFile, .connectSocket]) }
      // One rule for the directory of the nodes instead of one for each.
      if source.devices { return PathRule(Path.parent(path), devices) }
      // It can be connected to, and neither read nor written as a file.
      if kind == .socket { return PathRule(path, .connectSocket) }
      let rights = executable(source.readOnly ? read : write, unless: source.noExecute)
      return PathRule(path, kind == .file ? rights.intersection(.ofFiles) : rights)
    case .temporary(let system):
      let isWritable = system.ownedByServer || system.mode & 0o002 != 0
      return PathRule(
        system.path, isWritable ? executable(write, unless: system.noExecute) : read)
    case .processes(let path):
      return PathRule(path, read)
    case .file(let path, _):
      return PathRule(Path.parent(path), read)
    default:
      // What has no rule is denied.
      return nil
    }
  }

  private static func executable(_ rights: PathRights, unless noExecute: Bool) -> PathRights {
    noExecute ? rights : rights.union(.execute)
  }

  /// Rules in words, those with the same rights together: `list /, read /etc /proc, …`.
  static func summary(_ rules: [PathRule]) -> String {
    var groups: [(rights: PathRights, paths: [String])] = []
    for rule in rules {
      if let index = groups.firstIndex(where: { $0.rights == rule.rights }) {
        groups[index].paths.append(rule.path)
      } else {
        groups.append((rule.rights, [rule.path]))
      }
    }
    return groups.map { "\(words($0.rights)) \($0.paths.joined(separator: " "))" }
      .joined(separator: ", ")
  }

  private static func words(_ rights: PathRights) -> String {
    if rights == list { return "list" }
    if rights == devices { return "devices" }
    return "read" + (rights.contains(.writeFile) ? "-write" : "")
      + (rights.contains(.execute) ? "-execute" : "")
  }
}
