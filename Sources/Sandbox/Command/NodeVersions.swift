/// nvm's default version of Node.js, without running it: nvm is a shell function.
enum NodeVersions {
  struct Selection {
    let directory: String
    let note: String
  }

  /// What `nvm use default` would select; without a default, the latest installed.
  static func selected(_ request: CommandRequest) -> Selection? {
    let root = request.directory("NVM_DIR", or: ".nvm")
    let versions = Path.join(root, "versions/node")
    let installed = Look.names(in: versions)
    guard let alias = TextFile.words(alias("default", root)).first else {
      guard let latest = installed.max(by: VersionOrder.isLower) else { return nil }
      return Selection(
        directory: Path.join(versions, latest), note: "nvm's latest, \(latest) (no default is set)")
    }
    guard let match = resolve(alias, root, installed, depth: 0) else { return nil }
    return Selection(
      directory: Path.join(versions, match), note: "nvm's default, \(match)")
  }

  private static func resolve(
    _ name: String, _ root: String, _ installed: [String], depth: Int
  ) -> String? {
    if name == "system" || depth > 8 { return nil }
    if name == "node" || name == "stable" { return installed.max(by: VersionOrder.isLower) }
    let version = name.hasPrefix("v") ? name : "v\(name)"
    let matching = installed.filter { VersionOrder.matches($0, version) }
    if let match = matching.max(by: VersionOrder.isLower) { return match }
    // An alias can name another: default -> lts/* -> lts/jod -> v22.1.0
    guard !name.contains(".."), let next = TextFile.words(alias(name, root)).first else {
      return nil
    }
    return resolve(next, root, installed, depth: depth + 1)
  }

  private static func alias(_ name: String, _ root: String) -> String {
    Path.join(root, "alias/\(name)")
  }
}
