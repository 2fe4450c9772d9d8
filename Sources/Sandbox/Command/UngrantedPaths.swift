import Kernel

/// An argument that names something which exists outside and will not exist inside.
public struct UngrantedPath: Hashable, Sendable {
  public let argument: String
  public let path: String
  /// What to grant: the path, or the project that a Node.js script is part of.
  public let grant: String
  /// Whether the argument is relative: inside, it is relative to another directory.
  public let isRelative: Bool

  public var hint: String {
    isRelative ? "give the absolute path, and --read-only \(grant)" : "--read-only \(grant)"
  }
}

extension CommandFinder {
  /// The arguments, argv[0] not among them, that name existing paths which nothing grants.
  ///
  /// Looked at: absolute paths, `~/…`, and relative ones that have a slash or name a file, each alone
  /// or behind `--option=`.
  ///
  /// - Parameter granted: the paths that will be seen inside, each with all that lies below it.
  public static func ungrantedPaths(
    arguments: [String], granted: [String], home: String, workingDirectory: String
  ) -> [UngrantedPath] {
    arguments.compactMap { argument in
      guard let text = pathText(argument) else { return nil }
      let isRelative = !Path.isAbsolute(text) && !text.hasPrefix("~/")
      let base = isRelative ? workingDirectory : home
      let name = text.hasPrefix("~/") ? String(text.dropFirst(2)) : text
      let path = Path.normalized(Path.isAbsolute(text) ? text : Path.join(base, name))
      guard !Path.components(path).isEmpty, let kind = kind(path), !isSeen(path, granted) else {
        return nil
      }
      // A bare word that happens to be a directory's name is no path to most programs.
      if isRelative, !text.contains("/"), kind != .regular { return nil }
      return UngrantedPath(
        argument: argument, path: path, grant: project(of: path, home) ?? path,
        isRelative: isRelative)
    }
  }

  private static func pathText(_ argument: String) -> String? {
    guard argument.hasPrefix("-") else { return argument.isEmpty ? nil : argument }
    guard let equals = argument.firstIndex(of: "=") else { return nil }
    let value = String(argument[argument.index(after: equals)...])
    return value.isEmpty || value.hasPrefix("-") ? nil : value
  }

  /// What the sandbox has of its own counts as seen: the argument means that.
  private static func isSeen(_ path: String, _ granted: [String]) -> Bool {
    ["/tmp", "/run", "/home/server"].containsPath(path)
      || SystemDirectories.own.contains { Path.isWithin(path, $0) }
      || SystemDirectories.shows(path) || granted.contains { Path.isWithin(path, $0) }
  }

  private static func kind(_ path: String) -> FileStatus.Kind? {
    Look.status(path)?.kind
  }

  /// A script of Node.js loads from its project: the nearest directory above with a package.json.
  private static func project(of path: String, _ home: String) -> String? {
    guard [".js", ".mjs", ".cjs"].contains(where: path.hasSuffix) else { return nil }
    var directory = Path.parent(path)
    while Path.components(directory).count >= 2, !Path.isWithin(home, directory) {
      if Files.exists(Path.join(directory, "package.json")) { return directory }
      directory = Path.parent(directory)
    }
    return nil
  }
}
