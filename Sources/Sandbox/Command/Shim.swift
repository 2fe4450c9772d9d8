/// Programs that version managers put in front of others, and that only the manager can follow.
enum Shim {
  private static let multiplexers = ["asdf", "mise", "proto-shim", "snap", "volta-shim"]

  /// The manager of a shim, or nil where the path is none.
  static func manager(of path: String, real: String) -> String? {
    let name = Path.name(real)
    if multiplexers.containsPath(name), !Path.same(Path.name(path), name) {
      return String(name.prefix { $0 != "-" })
    }
    let directory = Path.parent(path)
    guard Path.same(Path.name(directory), "shims") else { return nil }
    let owner = Path.name(Path.parent(directory))
    return String(owner.drop { $0 == "." })
  }
}
